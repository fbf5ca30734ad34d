"""What learn_names works with, made once at cold start."""

import boto3

from functions.learn_names.settings import Settings
from shared.arrests.table import ArrestsTable
from shared.aws.settings import load_settings
from shared.aws.time_limits import ANSWERS_WITHIN
from shared.matching.agency_reference_table import AgencyReferenceTable
from shared.matching.learn_names import LearnDeps

_settings = load_settings(Settings)
_dynamodb = boto3.client("dynamodb", config=ANSWERS_WITHIN)
learn = LearnDeps(
    ArrestsTable(_dynamodb, _settings.arrests_table), AgencyReferenceTable(_dynamodb, _settings.offices_table)
)
