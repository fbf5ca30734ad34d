"""Breaches: what happened to data of the office that should not have, and whom the law has told of it by when."""
