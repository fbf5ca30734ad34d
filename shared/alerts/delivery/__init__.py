"""Sends what was decided. `dependencies` says where it reads and writes, `send` is the way of one delivery, `schedule`
and `compose` are its two questions: when, and what."""
