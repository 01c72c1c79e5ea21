"""The report as a workbook: the same facts as the PDF, in tables that can be filtered and read back."""

from humasflow.reports.xlsx.book import Book, Column, Kind

__all__ = ["Book", "Column", "Kind"]
