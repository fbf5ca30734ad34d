"""The samples of all layouts. This command writes them anew: `python -m tests.feeds.suggest.samples`."""

from collections.abc import Callable
from pathlib import Path

from tests.feeds.suggest.jail_samples import kessler_ridge, mirabeau_parish, orland_bay, tolliver_springs
from tests.feeds.suggest.police_samples import pine_barrow, quillan_heights, san_tadeo
from tests.feeds.suggest.second_set.court_samples import blackfen, greymouth, whitlock
from tests.feeds.suggest.second_set.jail_samples import cinder_valley, dellwood, pell_county, tamsin_lake
from tests.feeds.suggest.second_set.police_samples import norrland, ostler, santa_lumbre
from tests.feeds.suggest.structured_samples import dunmere, esker_harbor, walloon_creek
from tests.feeds.suggest.text import Sample

LAYOUTS = Path(__file__).parent / "layouts"

FIRST_SET: dict[str, Callable[[], Sample]] = {
    "dunmere/sample.xlsx": dunmere,
    "esker-harbor/sample.json": esker_harbor,
    "kessler-ridge/sample.csv": kessler_ridge,
    "mirabeau-parish/sample.txt": mirabeau_parish,
    "orland-bay/sample.txt": orland_bay,
    "pine-barrow/sample.csv": pine_barrow,
    "quillan-heights/sample.tsv": quillan_heights,
    "san-tadeo/sample.csv": san_tadeo,
    "tolliver-springs/sample.csv": tolliver_springs,
    "walloon-creek/sample.ndjson": walloon_creek,
}
SECOND_SET: dict[str, Callable[[], Sample]] = {
    "blackfen/sample.txt": blackfen,
    "cinder-valley/sample.xlsx": cinder_valley,
    "dellwood/sample.tsv": dellwood,
    "greymouth/sample.csv": greymouth,
    "norrland/sample.csv": norrland,
    "ostler/sample.json": ostler,
    "pell-county/sample.csv": pell_county,
    "santa-lumbre/sample.csv": santa_lumbre,
    "tamsin-lake/sample.ndjson": tamsin_lake,
    "whitlock/sample.csv": whitlock,
}
SAMPLES = FIRST_SET | SECOND_SET


def _write() -> None:
    for path, sample in SAMPLES.items():
        (LAYOUTS / path).parent.mkdir(parents=True, exist_ok=True)
        (LAYOUTS / path).write_bytes(sample().content)


if __name__ == "__main__":
    _write()
