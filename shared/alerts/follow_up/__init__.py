"""Follow-up of a delivery: what its provider reports, and the escalation of urgent alerts that nobody acknowledged."""
