"""Disclosures: what an office passed on to somebody outside of it, on which ground, and who agreed."""
