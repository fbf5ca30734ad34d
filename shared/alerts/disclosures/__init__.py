"""Who was notified of which arrest, and who was not, as the audit record has it."""
