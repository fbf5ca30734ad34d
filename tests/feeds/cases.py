"""Golden cases: a file `golden/<format>/<case>.<ext>` and what reading it gives, `<case>.expected.json`.

The profile is `<case>.profile.yaml`, or else the shipped profile that the expected file names. This command writes an
expected file; a person must then read it:

    python -m tests.feeds.cases golden/<format>/<case>.<ext> [shipped profile]
"""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from shared.arrests.seals.seal import Seal
from shared.errors import Rejected
from shared.feeds.layouts.files import read_named_files
from shared.feeds.normalise.read_drop import ParsedDrop, read_drop
from shared.feeds.profiles.model import Profile
from shared.feeds.profiles.parse import parse_profile
from shared.pseudonyms import Pseudonyms

HERE = Path(__file__).parent
PROFILES = HERE.parents[1] / "shared" / "feeds" / "profiles"
SAMPLES = HERE.parents[2] / "shared" / "samples"
PSEUDONYMS = Pseudonyms(b"tests")
TODAY = date(2026, 11, 20)


def shipped(name: str) -> Profile:
    return parse_profile((PROFILES / f"{name}.yaml").read_text())


def lenient(profile: Profile) -> Profile:
    """The profile for records of which each may lack any column."""
    return profile.model_copy(update={"optional": tuple(profile.column_names)})


def read_file(path: Path, profile: Profile, *, may_seal: bool = True) -> ParsedDrop:
    with path.open("rb") as stream:
        if profile.layouts:
            return read_named_files([(path.name, stream)], profile, PSEUDONYMS, TODAY, may_seal=may_seal)
        return read_drop(stream, profile, PSEUDONYMS, TODAY, may_seal=may_seal)


def golden_cases() -> list[Path]:
    return sorted(
        path for path in HERE.glob("golden/*/*") if not path.name.endswith((".expected.json", ".profile.yaml"))
    )


def profile_of(case: Path, expected: dict[str, Any]) -> Profile:
    own = case.with_name(f"{case.stem}.profile.yaml")
    if not own.exists() and "profile" not in expected:
        raise SystemExit(f"{case.name} has no profile: write {own.name} beside it, or name a shipped one")
    return parse_profile(own.read_text()) if own.exists() else shipped(expected["profile"])


def expected_file(case: Path) -> Path:
    return case.with_name(f"{case.stem}.expected.json")


def outcome_of(case: Path, profile: Profile) -> dict[str, Any]:
    try:
        outcome = read_file(case, profile)
    except Rejected as fault:
        return {"refused": fault.code}
    return {
        "rows": outcome.rows,
        "arrests": [
            {
                "rows": parsed.rows,
                **json.loads(parsed.arrest.model_dump_json(exclude={"arrest_id"}, exclude_defaults=True)),
            }
            for parsed in outcome.arrests
        ],
        "rejects": [[reject.line, reject.code] for reject in outcome.rejects],
        "skipped": dict(outcome.skipped),
        "unknown": [[*word, count] for word, count in sorted(outcome.unknown_codes.items())],
        "dropped": list(outcome.dropped_columns),
    } | ({"orders": orders_of(outcome)} if outcome.commands else {})


def orders_of(outcome: ParsedDrop) -> list[dict[str, Any]]:
    return [
        {
            "seal" if isinstance(action, Seal) else "identity": json.loads(
                action.model_dump_json(exclude={"event_id"}, exclude_defaults=True)
            )
        }
        for command in outcome.commands
        for action in command.actions
    ]


def _write(case: Path, profile: str) -> None:
    named = {"profile": profile} if profile else {}
    renewed = named | outcome_of(case, profile_of(case, named))
    expected_file(case).write_text(json.dumps(renewed, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    _write(HERE / sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "")
