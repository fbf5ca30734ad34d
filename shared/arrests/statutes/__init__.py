"""What a charge is, whatever its spelling: its code in one notation, its class, its family."""
