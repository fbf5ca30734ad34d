"""The profile: how one agency writes. The model, its YAML and JSON Schema, the table of enrolled profiles, and the
shipped profiles (`*.yaml`). `README.md` beside this file shows how to write one in ten minutes."""
