"""Finding rows of any table by their words, with the database's own full-text index (ADR 0042).

Nouns: term (a word or phrase that was asked for), words (which columns of a table are searched), window (the newest
rows that have the terms, as many as are looked at).
"""
