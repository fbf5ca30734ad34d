import boto3

from shared.pseudonyms import Pseudonyms


def load_pseudonyms(secret: str) -> Pseudonyms:
    """The deployment's keyed hashes; their key is read once, at cold start."""
    return Pseudonyms(load_secret_key(secret))


def load_secret_key(secret: str) -> bytes:
    return boto3.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"].encode()
