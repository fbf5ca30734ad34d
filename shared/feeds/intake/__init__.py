"""The intake: reads a whole drop, stores its arrests, and puts a receipt and a reject file beside it.

`process_drop` is the way of a drop. A large drop goes through `split_large`: many workers share it and hand on their
results in the `scratch_bucket`, and `finish_large` writes its one receipt.
"""
