"""How an alert reaches a recipient. A new channel is a module here and one line in the registry."""

from shared.channels import email, sms, topic, webhook
from shared.channels.contract import Channel

CHANNELS: dict[str, Channel] = {
    "email": email,
    "sms": sms,
    "topic": topic,
    "webhook": webhook,
}
