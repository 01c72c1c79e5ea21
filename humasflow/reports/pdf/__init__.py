"""Documents as PDF: an HTML page of ours becomes a tagged PDF in a process of its own, without any network.

``rendering`` calls ``child``, which knows nothing of the product; ``report``, ``release`` and ``schedule`` make pages.
"""
