"""Past posts fetched from where they are: a WordPress site, its export file, or the feed of any portal.

Read page by page by the worker into rows that a person looks at; only then they become publications.
"""
