"""Takes a drop in: read and judge the whole file, store its arrests, hand the agency a receipt and its rejects.

`dependencies` says where it reads and writes, `process_drop` is the way of a drop, `store` and `receipt` are its ends.
A large drop goes by `split_large`: `scratch_bucket` is what its workers hand on, `finish_large` its one receipt."""
