"""The deployment's secret key, from AWS Secrets Manager."""

import boto3

from shared.pseudonyms import Pseudonyms


def load_pseudonyms(secret_id: str) -> Pseudonyms:
    """Returns the deployment's keyed hashes. Reads the key once; call it at cold start."""
    return Pseudonyms(load_secret_key(secret_id))


def load_secret_key(secret_id: str) -> bytes:
    """Returns the secret's text as bytes. `secret_id` is its name or ARN."""
    return boto3.client("secretsmanager").get_secret_value(SecretId=secret_id)["SecretString"].encode()
