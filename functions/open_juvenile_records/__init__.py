"""Opens juveniles' records by a court's order. Called by the office API and the console, and by nobody else."""
