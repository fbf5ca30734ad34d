"""Disputed facts, and recipients who must be told of corrections."""
