"""What every request passes through: authorization, idempotency, audit, and what they add to the OpenAPI document."""
