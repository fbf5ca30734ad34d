"""Notices: what changed in watches, addresses and colleagues. No arrest is in them."""

from collections.abc import Mapping

NOTICES: Mapping[str, str] = {
    "notice.happened": "What happened",
    "notice.to do": "What to do",
    "notice.by when": "By when",
    "notice.open watch": "Open the watch",
    "notice.open watches": "Open your watches",
    "notice.look": "Sign in and look",
    "not reached.title": "We could not reach somebody with an alert",
    "not reached.line": "We could not reach {address} by mail or text, and nobody else who owns the watch, so we tell you. "
    "Please pass it on and give us another address.",
    "not reached.remedy": "Their alerts are waiting in Arrest Alert. If the address does not work any more, give the "
    "watch to somebody else.",
    "withdrawal not reached.title": "Somebody does not know that an alert is withdrawn",
    "withdrawal not reached.line": "We could not tell {address} that arrest alert {number} is withdrawn.",
    "withdrawal not reached.remedy": "Please tell them today: do not act on it, and delete every copy of what it said.",
    "withdrawal not reached.open": "Open the alert",
    "address.title": "An address does not get alerts any more",
    "address.line": "We do not write to {address} any more: {why}.",
    "address.next": "Its alerts go to the person's next channel or, where there is none, to the owners of the watch.",
    "address.remedy": "Give us another address. If this one works again, ask whoever runs this system to let it in.",
    "expiry.stopped title.one": "{number} of your watches has stopped. You get no alerts from it.",
    "expiry.stopped title.other": "{number} of your watches have stopped. You get no alerts from them.",
    "expiry.title.one": "Do you still need it? {number} of your watches ends on {day}",
    "expiry.title.other": "Do you still need them? {number} of your watches end, the first on {day}",
    "expiry.case": "Case {case}",
    "expiry.a watch": "A watch",
    "expiry.stopped": "{case}: it stopped on {day}. You get no alerts from it. Renew it or cancel it.",
    "expiry.ends": "{case}: it ends on {day}. Renew it if you still need it.",
    "expiry.confirm": "{case}: say by {day} that you still need it, or it stops.",
    "waiting.title.one": "{number} possible match is waiting for you",
    "waiting.title.other": "{number} possible matches are waiting for you",
    "waiting.heading": "Possible matches",
    "waiting.oldest": "The oldest came on {day} ({age}).",
    "waiting.days.one": "{number} day ago",
    "waiting.days.other": "{number} days ago",
    "waiting.today": "less than a day ago",
    "waiting.to do": "Compare both sides of each: same person or somebody else? Nobody is alerted before you say so.",
    "waiting.open": "Compare the possible matches",
    "succession.watches.one": "{number} watch",
    "succession.watches.other": "{number} watches",
    "succession.folders.one": "{number} folder",
    "succession.folders.other": "{number} folders",
    "succession.counted": "{watches} and {folders}",
    "succession.yours title": "You take over {things}",
    "succession.yours": "{person} does not have access any more. {things} are yours from now on.",
    "succession.check": "Look at each: who gets its alerts, and do you still need it?",
    "succession.pass on": "Cancel what you do not need. Give a colleague what is theirs.",
    "succession.removed title": "A person was removed: {things}",
    "succession.theirs": "{person} does not have access any more. {things} belong to {successor} now.",
    "succession.theirs to do": "Nothing, unless somebody else should have them.",
    "succession.ended": "{person} does not have access any more. {things} ended: nobody gets alerts from them any more.",
    "succession.ended to do": "If one of them is still needed, a colleague makes it again, or a super-owner brings it back.",
    "identity.title": "A watch has changed",
    "identity.merged": "The number in this watch was merged into another one. The watch covers both from now on.",
    "identity.corrected": "The number in this watch was recorded by mistake and was corrected. The watch covers the right "
    "one from now on, and not the old one any more.",
    "identity.restored": "A merger of numbers was undone. This watch covers the number that it had before.",
    "identity.expunged": "A record in this watch was expunged. The watch does not use it any more.",
    "identity.described": "The agency changed the name or date of birth of the person whose number this watch has. The "
    "watch goes by the new ones from now on; the old names still count as aliases.",
    "identity.in doubt": "The number in this watch stood for two people and stands for one of them again. Nothing was "
    "changed: check that it is the person whom you mean.",
    "identity.nothing left": "Nothing is left to watch, so it was ended.",
    "identity.left out": "With what is new it would be more than one watch can hold. The oldest numbers that it followed, "
    "or else its last aliases, were left out: look at it, and make a second watch of what is missing.",
    "identity.does not fit": "The agency changed the number, the name or the date of birth of the person whose number "
    "this watch has. With what is new it would be more than one watch can hold, so nothing was changed: make a second "
    "watch of what is new.",
    "identity.duplicate": "You already watch the number that it would go over to, for the same case, so this one was ended.",
}
