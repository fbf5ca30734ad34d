"""Who did what, for which purpose: the event, its table, and the hash chain that nobody can change unseen."""
