"""Numbers from a spreadsheet and a template for it: bytes in, rows with findings out, and the other way round.

``child`` reads a workbook in a process of its own with little memory; ``cells`` calls it, or reads a delimited text;
``rows`` finds columns, publications and numbers; ``template`` writes the workbook to fill in.
"""
