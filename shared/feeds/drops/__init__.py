"""A drop: its record, its receipt, whether its size is usual, and what somebody decided about it."""
