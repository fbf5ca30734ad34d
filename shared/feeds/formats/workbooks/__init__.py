"""The sheets of a workbook, whatever program wrote it: which of them are read, and what becomes of the others."""
