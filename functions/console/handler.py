"""Lambda function of the console: pages for people, rendered here. Each module in MODULES declares its pages."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.console.dispatch import Dispatcher
from functions.console.pages import help_pages, policies, static
from functions.console.pages.agencies import agencies, entries, seals, suggestions
from functions.console.pages.alerts import alert_list, alerts, matches, short_links
from functions.console.pages.breaches import breaches
from functions.console.pages.disclosures import disclosures, two_years
from functions.console.pages.disputes import disputes
from functions.console.pages.door import first, me, purpose, sign_in
from functions.console.pages.juveniles import openings
from functions.console.pages.office import audit, beliefs, office, personnel, reports, search, settings
from functions.console.pages.records import case_entries, holds, places, releases, requests, roster
from functions.console.pages.watches import folders, lists, new_watch, watches

MODULES = (
    agencies,
    alert_list,
    alerts,
    audit,
    beliefs,
    breaches,
    case_entries,
    two_years,
    disclosures,
    disputes,
    entries,
    first,
    seals,
    folders,
    help_pages,
    holds,
    places,
    releases,
    requests,
    roster,
    lists,
    matches,
    me,
    new_watch,
    office,
    openings,
    personnel,
    policies,
    purpose,
    reports,
    search,
    settings,
    short_links,
    sign_in,
    static,
    watches,
    suggestions,
)

logger = Logger()
dispatcher = Dispatcher(module.pages for module in MODULES)


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    answer = dispatcher.answer(event)
    method = event["requestContext"]["http"]["method"]
    logger.info("page answered", extra={"page": f"{method} {answer.pattern}", "status": answer.response["statusCode"]})
    return answer.response
