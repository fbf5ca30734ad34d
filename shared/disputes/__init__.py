"""Disputes: somebody says that a fact of an arrest is wrong; who decides, and whom the agency's correction must
reach."""
