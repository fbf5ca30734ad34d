"""Agencies: their files, rejected rows, profiles, arrests entered by hand, seals."""
