"""The answer of a report: JSON or, for `Accept: text/csv`, a table. Its last line is a stamp: tables are passed on."""

import csv
import io
from datetime import UTC, datetime
from typing import Any, TypeVar

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BaseModel

from shared.feeds.spreadsheet_cells import guarded
from shared.office_api.middleware.authorization import current_request
from shared.words.stamp import stamp

Report = TypeVar("Report", bound=BaseModel)


def report_answer(router: APIGatewayHttpRouter, report: Report) -> Response[Report | str]:
    """`report` has a list `rows`, whose fields are the columns of the table. The stamp stands in the first column."""
    if "text/csv" not in (router.current_event.headers.get("accept") or ""):
        return Response(status_code=200, content_type="application/json", body=report)
    return Response(status_code=200, content_type="text/csv; charset=utf-8", body=_table(report, _stamp(router)))


def _stamp(router: APIGatewayHttpRouter) -> str:
    by = current_request(router).by
    return stamp(by.user.email, by.office.name, by.purpose, datetime.now(UTC), by.office.zone)


def _table(report: BaseModel, last_line: str) -> str:
    row_type = type(report).model_fields["rows"].annotation.__args__[0]  # type: ignore[union-attr]
    names = list(row_type.model_fields)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    rows: list[dict[str, Any]] = report.model_dump(mode="json")["rows"]
    writer.writerows([_cell(row[name]) for name in names] for row in rows)
    writer.writerow([guarded(last_line), *[""] * (len(names) - 1)])
    return text.getvalue()


def _cell(value: Any) -> str:
    return "" if value is None else guarded(str(value))
