"""What chain_audit works with, made once at cold start."""

import boto3

from functions.chain_audit.settings import Settings
from shared.audit.append_chain import ChainDeps
from shared.audit.chain_heads_table import ChainHeadsTable
from shared.aws.settings import load_settings
from shared.aws.time_limits import ANSWERS_WITHIN

_settings = load_settings(Settings)
dynamodb = boto3.client("dynamodb", config=ANSWERS_WITHIN)
chain = ChainDeps(
    ChainHeadsTable(dynamodb, _settings.chains_table), boto3.client("s3", config=ANSWERS_WITHIN), _settings.audit_bucket
)
