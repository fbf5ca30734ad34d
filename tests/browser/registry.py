"""Every page that can be opened, and how the browser comes to it. A page without a row here fails `test_pages.py`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from tests.browser.world import World


@dataclass(frozen=True)
class PageRow:
    """`path` is that of the route, its ids in braces; `state` names another record of `world.py` that looks different,
    `query` asks for another view."""

    path: str
    query: str = ""
    state: str = ""
    status: int = 200
    signed_out: bool = False

    def address(self, world: World) -> str:
        ids = world.ids | world.states.get(self.state, {})
        return self.path.format(**{name: quote(value, safe="@") for name, value in ids.items()}) + self.query

    @property
    def name(self) -> str:
        words = re.findall(r"[a-z0-9]+", f"{self.path.removeprefix('/console')}-{self.state}-{self.query}".lower())
        return "-".join(words)


PAGES = (
    PageRow("/console/signed-in", status=400, signed_out=True),  # a sign-in that was not begun here
    PageRow("/console/session-over", "?form=yes&next=/console/watches", signed_out=True),
    PageRow("/console/signed-out", signed_out=True),
    PageRow("/console/first"),
    PageRow("/policy", signed_out=True),
    PageRow("/policy/{office_id}", signed_out=True),
    PageRow("/console/purpose"),
    PageRow("/console/alerts"),
    PageRow("/console/alerts", "?unanswered=true"),
    PageRow("/console/alerts/{alert_id}"),
    PageRow("/console/alerts/{alert_id}", state="long"),
    PageRow("/console/alerts/{alert_id}", state="right to left"),
    PageRow("/console/alerts/{alert_id}", state="sealed"),
    PageRow("/console/alerts/{alert_id}/print"),
    PageRow("/console/alerts/{alert_id}/withdraw"),
    PageRow("/console/possible-matches"),
    PageRow("/console/possible-matches/{review_id}"),
    PageRow("/console/watches"),
    PageRow("/console/watches", "?view=office"),
    PageRow("/console/watches/expiring"),
    PageRow("/console/watches/new"),
    PageRow("/console/watches/new/{kind}"),
    PageRow("/console/watches/new/{kind}", state="name"),
    PageRow("/console/watches/new/{kind}", state="charge at place"),
    PageRow("/console/watches/{subscription_id}"),
    PageRow("/console/watches/{subscription_id}", state="watch 0"),
    PageRow("/console/watches/{subscription_id}", state="cancelled"),
    PageRow("/console/lists"),
    PageRow("/console/folders"),
    PageRow("/console/folders/{folder_id}"),
    PageRow("/console/me"),
    PageRow("/console/agencies"),
    PageRow("/console/agencies/{agency_id}"),
    PageRow("/console/agencies/{agency_id}/drops/{drop_id}"),
    PageRow("/console/agencies/{agency_id}/drops/{drop_id}", state="taken"),
    PageRow("/console/agencies/{agency_id}/drops/{drop_id}", state="refused"),
    PageRow("/console/agencies/{agency_id}/drops/{drop_id}", state="held"),
    PageRow("/console/agencies/{agency_id}/drops/{drop_id}/decision/{action}", state="held"),
    PageRow("/console/agencies/{agency_id}/enter"),
    PageRow("/console/agencies/{agency_id}/seal"),
    PageRow("/console/agencies/{agency_id}/seals"),
    PageRow("/console/agencies/{agency_id}/seals", state="seals"),
    PageRow("/console/agencies/{agency_id}/seals/certificates", state="seals"),
    PageRow("/console/agencies/{agency_id}/seals/open"),
    PageRow("/console/unsealings/{unsealing_id}"),
    PageRow("/console/unsealings/{unsealing_id}", state="own order"),
    PageRow("/console/agencies/{agency_id}/profile"),
    PageRow("/console/agencies/{agency_id}/suggest"),
    PageRow("/console/office"),
    PageRow("/console/office/settings"),
    PageRow("/console/office/agreements"),
    PageRow("/console/office/people/new"),
    PageRow("/console/office/people/{email}"),
    PageRow("/console/office/people/{email}/remove"),
    PageRow("/console/office/people/{email}/record"),
    PageRow("/console/office/people/{email}/record", state="disabled"),
    PageRow("/console/office/accounts"),
    PageRow("/console/audit"),
    PageRow("/console/audit/weeks/{week}"),
    PageRow("/console/audit/weeks/{week}", state="last week"),
    PageRow("/console/audit/uses"),
    PageRow("/console/audit/people/{email}"),
    PageRow("/console/reports"),
    PageRow("/console/reports/{kind}", state="folders"),
    PageRow("/console/reports/{kind}", state="delivery times"),
    PageRow("/console/reports/{kind}", state="noise"),
    PageRow("/console/disclosures"),
    PageRow("/console/disclosures/new/{arrest_id}"),
    PageRow("/console/disclosures/{disclosure_id}"),
    PageRow("/console/beliefs"),
    PageRow("/console/breaches"),
    PageRow("/console/breaches/new"),
    PageRow("/console/breaches/{breach_id}"),
    PageRow("/console/juvenile-openings"),
    PageRow("/console/juvenile-openings/new"),
    PageRow("/console/juvenile-openings/{opening_id}"),
    PageRow("/console/juvenile-openings/{opening_id}/record"),
    PageRow("/console/disputes"),
    PageRow("/console/disputes/new/{arrest_id}"),
    PageRow("/console/disputes/{dispute_id}"),
    PageRow("/console/disputes/{dispute_id}/statement"),
    PageRow("/console/records-requests"),
    PageRow("/console/records-requests", "?closed=true"),
    PageRow("/console/records-requests/new"),
    PageRow("/console/records-requests/{request}"),
    PageRow("/console/disclosures/two-years"),
    PageRow("/console/case-entries"),
    PageRow("/console/case-entries/new"),
    PageRow("/console/holds"),
    PageRow("/console/holds/new"),
    PageRow("/console/holds/{hold}"),
    PageRow("/console/holds/{hold}", state="end to confirm"),
    PageRow("/console/search"),
    PageRow("/console/places"),
    PageRow("/console/releases"),
    PageRow("/console/wanted-in-custody"),
    PageRow("/console/arrests/{arrest_id}"),
    PageRow("/console/help"),
    PageRow("/console/accessibility"),
    PageRow("/console/purpose"),
    PageRow("/console/session-over", "?form=yes"),
    PageRow("/console/signed-out", signed_out=True),
)
# What answers with a file, or leads on at once.
NO_PAGES = frozenset(
    {
        "/console",
        "/console/lists/example.csv",
        "/console/office/accounts.csv",
        "/console/audit/uses.csv",
        "/console/reports/{kind}/table.csv",
        "/console/disclosures/counts.csv",
        "/console/disclosures/two-years.csv",
        "/console/records-requests/{request}/exports/{export_id}",
        "/console/audit/weeks/{week}/people.csv",
        "/console/sign-in",
        "/console/signed-in",
        "/console/static/{name}",
        "/a/{number}",
        "/console/agencies/{agency_id}/drops/{drop_id}/rejects.csv",
    }
)
# Forms that no page shows by itself: those on the pages that check a new watch and a list.
WITHOUT_A_FORM = frozenset(
    {
        "/console/watches",
        "/console/watches/new/{kind}",
        "/console/lists/take",
        "/console/lists/rejected.csv",
        "/console/agencies/{agency_id}/seal",
    }
)
