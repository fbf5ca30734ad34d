"""The channels: each is one module behind the contract of `channel.py`, and one line here.

The order of the lines is the order of fallback: a digest that one channel cannot bring goes on to the next one that
its recipient has. A channel's name consists of small letters. It is the key in a recipient, part of stored ids, and a
word of the API, so it never changes.
"""

from shared.channels import email, sms, topic, webhook
from shared.channels.channel import Channel

CHANNELS: dict[str, Channel] = {
    "email": email,
    "sms": sms,
    "webhook": webhook,
    "topic": topic,
}
