"""The pages behind the links of a mail, for which nobody signs in."""

from collections.abc import Mapping

LINKS: Mapping[str, str] = {
    "link page.title": "Arrest Alert",
    "link page.over": "This link does not work any more",
    "link page.over why": "It is too old, or it was copied only in part. Sign in to see your alerts.",
    "link page.too many": "Too many requests",
    "link page.too many why": "Wait a minute and try again.",
    "link page.sign in": "Sign in to Arrest Alert",
    "link page.open": "Open it in Arrest Alert",
    "link page.withdrawn": "Withdrawn. Do not act on it",
    "link page.withdrawn why": "Do not use this alert any more, and delete every copy of what it said.",
    "link page.alert": "Arrest alert {number}",
    "link page.question": "Say that you have it, and nobody else is asked.",
    "link page.you have it": "You have it since {when}. Nobody else is asked.",
    "link page.colleague has it": "A colleague has it since {when}. Nobody else is asked.",
    "link page.right person": "Is it the right person?",
    "link page.useful": "Was it useful?",
    "link page.answered": "Your answer: {verdict}. Sign in to change it.",
    "link page.digest": "Daily digest",
    "link page.digest why": "Stop this mail? Its alerts will be waiting for you in Arrest Alert.",
    "link page.digest stopped": "The daily digest is stopped. Its alerts are waiting for you in Arrest Alert.",
    "press.acknowledge": "I have it",
    "press.right person": "Right person",
    "press.wrong person": "Wrong person",
    "press.useful": "Useful",
    "press.not useful": "Not useful",
    "press.stop": "Stop this digest",
}
