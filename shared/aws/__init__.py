"""What AWS asks of every room: settings, secrets, pages, the index of what is due, optimistic locks, idempotency."""
