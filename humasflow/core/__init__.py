"""The shared kernel: what every room stands on and no room owns.

Time, the database session, permissions, errors, events, forms and web safety. A new file here needs an ADR.
"""
