"""Siaran pers: one story on the office's letterhead, as PDF or as a Word document.

``gathering`` says what stands in it, ``docx`` and ``pdf`` write it, ``runs`` cuts the story's HTML into plain pieces.
"""
