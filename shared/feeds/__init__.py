"""From a file of an agency to arrests: `profiles` and `formats` read it, `normalise` makes sense of it, `intake` takes
it in."""
