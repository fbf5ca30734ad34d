"""Statutes: the code of a charge in one notation, whatever its spelling, and its offense family."""
