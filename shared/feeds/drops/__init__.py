"""A drop: its record and status, its receipt, the volume check, and what somebody decided about it."""
