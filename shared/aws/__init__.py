"""The building blocks of AWS that several rooms share.

Settings and secrets of a function, DynamoDB reads with retries, the optimistic lock, the sparse index of what is due,
idempotency records, and batched sending to SQS.
"""
