"""Bytes become rows: what a file is, its sheet as lines of texts, and where its headings are.

``files`` looks at the bytes and chooses; ``workbooks`` reads a workbook in a process of its own; ``texts`` a delimited
text; ``headings`` finds the line with the names of the columns.
"""
