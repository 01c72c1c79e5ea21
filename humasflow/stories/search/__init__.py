"""Search over the stories of the desk: titles, texts, people, places, agenda.

Nouns: term (a word or a phrase that was asked for), hit, excerpt.
"""
