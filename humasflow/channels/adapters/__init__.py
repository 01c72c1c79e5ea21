"""Channel adapters: a payload goes in, a receipt or a typed error comes out.

Adapters know neither Flask nor the database, so that the same rules run in the editor, in the publisher and in a
test. What they say to people is said elsewhere: here a problem is a code with numbers.
"""
