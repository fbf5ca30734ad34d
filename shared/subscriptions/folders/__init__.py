"""Folders of subscriptions, in trees, with the roles of people on them."""
