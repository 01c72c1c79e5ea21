"""The month: what goes out when, moved by dragging or by dialog.

Nouns: month, day, undated tray.
"""
