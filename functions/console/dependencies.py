"""Dependencies of the console: the table of sessions. What the pages show comes through the office API."""

import boto3

from functions.console.sessions.table import SessionsTable
from functions.console.settings import Settings
from shared.aws.settings import load_settings

settings = load_settings(Settings)
sessions = SessionsTable(boto3.client("dynamodb"), settings.sessions_table)
