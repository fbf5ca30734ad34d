"""What a watch is of, in one line."""

from collections.abc import Mapping

WATCHES: Mapping[str, str] = {
    "watch.sid": "State ID {number}",
    "watch.fbi": "FBI number {number}",
    "watch.person": "Person number {number}",
    "watch.booking": "Booking number {number}",
    "watch.cjtn": "Tracking number {number} of an arrest",
    "watch.number of": "{title} of {issuer}",
    "watch.holder": "{title}, {holder}",
    "watch.born": "{name}, born {born}",
    "watch.begins with": "{statute} and what is below it",
    "watch.keyword": "“{keyword}” in the charge",
    "watch.precinct": "Precinct {precinct} of {agency}",
    "watch.beat": "Beat {beat} of {agency}",
    "watch.ori": "Arresting agency {ori}",
    "watch.near": "Within {meters} meters of {latitude}, {longitude}",
    "watch.area": "An area on the map, {corners} corners",
    "watch.agencies": "Reported by {agencies}",
    "watch.and": "{first} and {second}",
    "watch.or": "{first} or {second}",
    "watch.anything": "Anything",
    "watch.any": "any of ({choices})",
    "watch.all": "({choices})",
    "calendar.due.one": "Arrest watch due: 1 watch",
    "calendar.due.other": "Arrest watch due: {number} watches",
    "calendar.what to do": "Sign in and say which are still needed. The others stop alerting after this day.",
    "watch.but not": "{title}, but not {excluded}",
}
