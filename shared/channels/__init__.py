"""How an alert reaches a recipient. A new channel is a module here and one line in the registry, where it stands in the
order in which a digest that one channel cannot bring goes on to the next. Its name is of small letters alone."""

from shared.channels import email, sms, topic, webhook
from shared.channels.channel import Channel

CHANNELS: dict[str, Channel] = {
    "email": email,
    "sms": sms,
    "webhook": webhook,
    "topic": topic,
}
