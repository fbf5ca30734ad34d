"""A profile in one minute: suggests how to read an agency's file from one sample of it. Pure: nothing is stored."""
