"""The answer of a report: JSON or, for `Accept: text/csv`, a table."""

import csv
import io
from typing import Any, TypeVar

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BaseModel

from shared.feeds.spreadsheet_cells import guarded

Report = TypeVar("Report", bound=BaseModel)


def report_answer(router: APIGatewayHttpRouter, report: Report) -> Response[Report | str]:
    """`report` has a list `rows`, whose fields are the columns of the table."""
    if "text/csv" not in (router.current_event.headers.get("accept") or ""):
        return Response(status_code=200, content_type="application/json", body=report)
    return Response(status_code=200, content_type="text/csv; charset=utf-8", body=_table(report))


def _table(report: BaseModel) -> str:
    row_type = type(report).model_fields["rows"].annotation.__args__[0]  # type: ignore[union-attr]
    names = list(row_type.model_fields)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    rows: list[dict[str, Any]] = report.model_dump(mode="json")["rows"]
    writer.writerows([_cell(row[name]) for name in names] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> str:
    return "" if value is None else guarded(str(value))
