"""Folders of subscriptions, and the roles of people in them."""
