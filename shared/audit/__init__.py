"""The audit trail: who did what to which records, when, for which purpose, and with what outcome.

`event` is the audit event, `table` stores it before the request is answered, and `hash_chain` with `append_chain`
copies it into objects that nobody can change unnoticed.
"""
