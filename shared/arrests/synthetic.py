"""What is synthetic: the canary's agency and its office, of one name. Nothing of it concerns anybody.

Every few minutes a job drops one arrest of an invented person as that agency, and the office of that name is alerted.
No other office is shown it, and that office is shown nothing else. What it leaves behind expires after a day.
"""

import csv
import io
from datetime import datetime, timedelta
from typing import Final

CANARY: Final = "canary"
KEPT_FOR: Final = timedelta(days=1)
_HEADER: Final = ("number", "arrested", "arrested_time", "surname", "given", "born", "statute", "charge")


def is_synthetic(slug: str) -> bool:
    """Whether this is the id of the canary's agency or office."""
    return slug == CANARY


def may_meet(agency: str, office_id: str) -> bool:
    """Whether the agency's arrests may concern the office at all: both are real, or both are the canary's."""
    return is_synthetic(agency) == is_synthetic(office_id)


def canary_drop(now: datetime) -> tuple[str, bytes]:
    """The key and the content of the drop of this instant (aware, UTC): one arrest, under a number of its own."""
    number = f"C-{now:%Y%m%d-%H%M%S}"
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(_HEADER)
    rows.writerow(
        (number, f"{now:%Y-%m-%d}", f"{now:%H:%M}", "Canary", "Synthetic", "1990-01-01", "CANARY 1", "A test")
    )
    return f"{CANARY}/in/{number}.csv", text.getvalue().encode()
