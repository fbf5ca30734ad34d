"""What an owner watches, why that is lawful, until when, and who is notified."""
