"""Exports: everything that the office holds about the records of a request, as a ZIP that anybody can check."""
