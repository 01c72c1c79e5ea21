"""What an office asks of a text before it goes out, and what the product sees in a text by itself.

Nouns: checklist item (butir daftar periksa), rule (aturan), finding (temuan), glossary (kamus kantor). What was ticked
or set aside on a story belongs to the stories.
"""
