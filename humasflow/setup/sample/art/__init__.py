"""The illustrator of the sample office: flat, layered scenes drawn with Pillow.

A scene is a function that draws on a ``Canvas`` in a fixed coordinate space of 1600 × 1067 with the colours of a
``Palette``; it never sees pixels. There is no text in any picture.
"""
