"""What must be on record before an office or a feed goes live, and before a person or a machine is let in."""
