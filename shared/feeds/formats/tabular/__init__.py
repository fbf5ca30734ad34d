"""Rows and columns: delimited text, workbooks, and the lists that an office uploads."""
