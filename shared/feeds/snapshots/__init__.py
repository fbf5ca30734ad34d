"""Full snapshots: who was in an agency's last snapshot and is not in the next one was released."""
