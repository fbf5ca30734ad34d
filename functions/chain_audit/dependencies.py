"""What chain_audit works with, made once at cold start."""

import boto3

from functions.chain_audit.settings import Settings
from shared.audit.append_chain import ChainDeps
from shared.audit.chain_heads_table import ChainHeadsTable
from shared.aws.settings import load_settings

_settings = load_settings(Settings)
dynamodb = boto3.client("dynamodb")
chain = ChainDeps(ChainHeadsTable(dynamodb, _settings.chains_table), boto3.client("s3"), _settings.audit_bucket)
