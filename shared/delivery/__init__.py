"""Sending what was told. `contract` says where it reads and writes, `sending` is the way of one delivery, `timing` and
`composing` are its two questions: when, and what."""

from shared.delivery.contract import Delivering, Outcome
from shared.delivery.sending import deliver

__all__ = ["Delivering", "Outcome", "deliver"]
