"""A seal in a feed names its statute; one that nobody knows is answered with what to write."""

from datetime import UTC, datetime
from pathlib import Path

from shared.arrests.seals.seal import Seal
from shared.feeds.intake.dry_run import dry_run
from shared.feeds.profiles.parse import parse_profile
from tests.builders import PSEUDONYMS

ROSTER = Path(__file__).resolve().parents[3] / "shared" / "feeds" / "profiles" / "roster.yaml"
SEALS = ROSTER.read_text().replace("suffix: Suffix", "event: Suffix").replace("middle: ", "seal_statute: ")
HEADER = (
    "Booking No,Arrest Date,Arrest Time,Last Name,First Name,Middle Name,Suffix,Also Known As,Date of Birth,Sex,"
    "State ID,FBI No,Statute,Charge,Class,Arrest Street No,Arrest Street,Arrest City,Arrest State,Precinct"
)


def read(law: str):
    content = f"{HEADER}\nBK-1,,,,,{law},seal,,,,,,,,,,,,,\n".encode()
    return dry_run(content, "seals.csv", parse_profile(SEALS), PSEUDONYMS, datetime.now(UTC), may_seal=True)


def test_p4_the_statute_of_a_seal_is_read_from_its_column() -> None:
    _, parsed = read("CPL 160.57")
    assert [seal.statute for seal in parsed.seals() if isinstance(seal, Seal)] == ["CPL 160.57"]


def test_p4_a_statute_that_nobody_knows_is_rejected_with_what_to_write() -> None:
    receipt, parsed = read("CPL 999.99")
    assert dict(receipt.rejected) == {"seal-statute": 1}
    assert "CPL 160.50" in parsed.rejects[0].fix
