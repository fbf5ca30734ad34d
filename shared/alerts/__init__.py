"""From an arrest to a notified person: match, decide who may know, notify, follow up, withdraw."""
