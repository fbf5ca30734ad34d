"""What a city agency reports every two years: the kinds of identifying information that it holds, what it disclosed,
who asked, for which reasons, and by which policies. It names nobody. Pure.

Source: New York City Administrative Code 23-1205: by 31 July, every two years. Whether a district attorney is such an
agency is for counsel.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from shared.arrests.minimisation import WithheldField
from shared.disclosures.model import Disclosure, DisclosureRules
from shared.value import FrozenModel

_DUE_MONTH, _DUE_DAY = 7, 31


class BiennialRow(FrozenModel):
    """`item` is one of `kind held`, `disclosure`, `requester`, `policy`; without `count` nothing is counted."""

    item: str
    name: str
    reason: str = ""
    count: int | None = None


def due_on(year: int) -> date:
    return date(year, _DUE_MONTH, _DUE_DAY)


def covered_by(year: int) -> tuple[date, date]:
    """The first day, and the day behind the last one: the two years that end with June of the year."""
    return date(year - 2, _DUE_MONTH, 1), date(year, _DUE_MONTH, 1)


def biennial_rows(
    disclosures: Iterable[Disclosure],
    requests: Counter[tuple[str, str]],
    rules: DisclosureRules,
    policies: Iterable[tuple[str, str]],
) -> list[BiennialRow]:
    """`requests` counts records requests by kind and kind of requester; `policies` are names and where each stands."""
    made = [disclosure for disclosure in disclosures if disclosure.state.is_allowed]
    by_ground = Counter((disclosure.request.ground, disclosure.title) for disclosure in made)
    by_recipient = Counter((disclosure.request.recipient_kind.value, disclosure.request.ground) for disclosure in made)
    held = [BiennialRow(item="kind held", name=field.value) for field in WithheldField]
    grounds = [
        BiennialRow(
            item="disclosure", name=ground.name, reason=ground.title, count=by_ground[ground.name, ground.title]
        )
        for ground in rules.grounds
    ]
    known = {(ground.name, ground.title) for ground in rules.grounds}
    grounds += [
        BiennialRow(item="disclosure", name=name, reason=title, count=count)
        for (name, title), count in sorted(by_ground.items())
        if (name, title) not in known  # by a rule that the office has changed since
    ]
    requesters = [
        BiennialRow(item="requester", name=recipient, reason=f"disclosure on the ground {ground}", count=count)
        for (recipient, ground), count in sorted(by_recipient.items())
    ]
    requesters += [
        BiennialRow(item="requester", name=requester, reason=f"records request: {kind}", count=count)
        for (kind, requester), count in sorted(requests.items())
    ]
    return [*held, *grounds, *requesters, *(BiennialRow(item="policy", name=n, reason=text) for n, text in policies)]
