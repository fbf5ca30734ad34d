"""Records of juveniles, kept apart from adults': in a table of their own, under a key of their own."""
