"""The office's public newsroom: pages, feeds and sitemap of what is live.

Nouns: article, feed, reader.
"""
