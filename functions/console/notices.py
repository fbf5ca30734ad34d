"""What a page says once after a form took effect. A cookie carries the key: nobody can put own words on a page."""

NOTICES = {
    "withdrawn meanwhile": "This alert was withdrawn while its page was open. There is nothing to answer.",
    "withdrawn": "The alert is withdrawn. Everybody who was told of it is told so.",
    "thanks": "Thank you. Your answer is saved; the last one counts.",
    "decided meanwhile": "Somebody decided this in the meantime. Nothing of what you pressed was done.",
    "watch saved": "The watch is saved. You are told when an arrest meets it.",
    "still needed": "Noted: what you ticked is still needed.",
    "watch cancelled": "You watch this no more. Nobody is told from now on. You can undo it.",
    "watch goes on": "The watch goes on.",
    "new last day": "The last day is changed.",
    "recipient added": "Your colleague hears of this watch from now on.",
    "recipient removed": "Your colleague hears of this watch no more.",
    "same person": "You said that it is the same person. Whoever is named in the watch is told now.",
    "somebody else": "You said that it is somebody else. This person is not proposed for this watch again.",
    "acknowledged": "You have this alert. It goes to nobody else.",
}
