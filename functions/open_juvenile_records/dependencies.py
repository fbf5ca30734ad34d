"""What open_juvenile_records works with, made once at cold start."""

import secrets
from functools import cache

import boto3

from functions.open_juvenile_records.settings import Settings
from shared.arrests.juveniles.answer import OpeningDeps
from shared.arrests.juveniles.table import JuvenilesTable
from shared.aws.secrets import load_pseudonyms
from shared.aws.settings import load_settings
from shared.aws.time_limits import ANSWERS_WITHIN

_settings = load_settings(Settings)
opening = OpeningDeps(
    juveniles=JuvenilesTable(boto3.client("dynamodb", config=ANSWERS_WITHIN), _settings.juveniles_table),
    pseudonyms=cache(lambda: load_pseudonyms(_settings.pseudonym_secret)),
    token=lambda: secrets.token_hex(9),
)
