"""Real files, dropped in place: what is stored and answered is what the reader says of them, file by file."""

from pathlib import Path

import pytest

from shared.arrests.model import Arrest
from shared.errors import Rejected
from shared.feeds.drops.receipt import Receipt
from shared.feeds.normalise.read_drop import ParsedDrop
from tests.e2e.scene import Scene
from tests.feeds.cases import SAMPLES, read_file, shipped

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.skipif(not SAMPLES.exists(), reason=f"no sample files at {SAMPLES}"),
]

FEEDS = {
    "nypd": "feeds/nypd/*.csv",
    "harris": "feeds/harris_tx/*.csv",
    "cobb": "feeds/cobb_ga/cobb_a.csv",
    "nibrs": "feeds/nibrs_flat/*.txt",
    "nibrs-xml": "xml/nibrs_4_2/nibrs_*_Sample.xml",
    "lexs": "justice_xml/*_lexs/*.xml",
    "niem-bookings": "justice_xml/*_niem3/*.xml",
    "ebts": "ebts/*.*",
}


def content(arrest: Arrest) -> str:
    """Beside the id, which is made with the deployment's own key."""
    return arrest.model_dump_json(exclude={"arrest_id"})


def as_read(path: Path, agency: str, profile: str) -> ParsedDrop | Rejected:
    try:
        return read_file(path, shipped(profile).model_copy(update={"agency": agency}), may_seal=False)
    except Rejected as refused:
        return refused


def agrees(receipt: Receipt, read: ParsedDrop | Rejected, scene: Scene) -> bool:
    if isinstance(read, Rejected):
        return (receipt.state, receipt.code) == ("refused", read.code)
    listed = scene.product.read(receipt.rejects_key).decode() if receipt.rejects_key else ""
    return (receipt.rows.read, receipt.rows.rejected) == (read.rows, len(read.rejects)) and all(
        reject.code in listed for reject in read.rejects
    )


@pytest.mark.parametrize("feed", FEEDS)
def test_each_sample_feed_leaves_its_receipts_its_rejects_and_the_right_arrests(scene: Scene, feed: str) -> None:
    agency, paths = scene.agency(feed), sorted(SAMPLES.glob(FEEDS[feed]))
    readings = {path.name: as_read(path, agency, feed) for path in paths}
    keys = {path.name: scene.product.drop(agency, path.name, path.read_bytes()) for path in paths}

    receipts = {name: scene.product.receipt(key, seconds=300) for name, key in keys.items()}
    disagree = [name for name, receipt in receipts.items() if not agrees(receipt, readings[name], scene)]

    parsed = [read for read in readings.values() if isinstance(read, ParsedDrop)]
    arrests = [parsed_arrest.arrest for read in parsed for parsed_arrest in read.arrests]
    adults = [arrest for arrest in arrests if not arrest.juvenile]  # a juvenile's record lies apart
    stored = scene.arrests(agency)
    assert disagree == []
    assert len(stored) == len({arrest.arrest_id for arrest in adults}) > 0
    assert {content(arrest) for arrest in stored} <= {content(arrest) for arrest in adults}
