"""What the routes work with, made once at cold start."""

import boto3

from functions.office_api.settings import Settings
from shared.enrolment import Enrolling
from shared.secret import pseudonyms
from shared.settings import load
from shared.tables.alerts import AlertsTable
from shared.tables.answers import AnswersTable
from shared.tables.arrests import ArrestsTable
from shared.tables.offices import OfficesTable
from shared.tables.people import PeopleTable
from shared.tables.subscriptions import SubscriptionsTable
from shared.tables.watch_list import WatchList

settings = load(Settings)
_dynamodb = boto3.client("dynamodb")

offices = OfficesTable(_dynamodb, settings.offices_table)
subscriptions = SubscriptionsTable(_dynamodb, settings.subscriptions_table)
alerts = AlertsTable(_dynamodb, settings.alerts_table)
answers = AnswersTable(_dynamodb, settings.alerts_table)
people = PeopleTable(_dynamodb, settings.subscriptions_table)
arrests = ArrestsTable(_dynamodb, settings.arrests_table)
enrolling = Enrolling(
    subscriptions=subscriptions,
    watch_list=WatchList(_dynamodb, settings.subscriptions_table, pseudonyms(settings.pseudonym_secret)),
)
