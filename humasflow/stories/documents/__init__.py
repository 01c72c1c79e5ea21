"""Word files (.docx) as drafts: read in a process of their own, with their pictures, headings, tables and footnotes."""
