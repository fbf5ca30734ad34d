"""Documents that an office needs before it goes live, filled from what is stored. A person finishes and signs them."""
