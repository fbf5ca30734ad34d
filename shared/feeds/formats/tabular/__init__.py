"""Rows and columns, delimited or in a workbook."""
