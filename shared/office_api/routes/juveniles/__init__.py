"""Records of juveniles, which a court's order alone opens."""
