"""The samples of all layouts. This command writes them anew: `python -m tests.feeds.suggest.samples`."""

from collections.abc import Callable
from pathlib import Path

from tests.feeds.suggest.jail_samples import kessler_ridge, mirabeau_parish, orland_bay, tolliver_springs
from tests.feeds.suggest.police_samples import pine_barrow, quillan_heights, san_tadeo
from tests.feeds.suggest.structured_samples import dunmere, esker_harbor, walloon_creek
from tests.feeds.suggest.text import Sample

LAYOUTS = Path(__file__).parent / "layouts"

SAMPLES: dict[str, Callable[[], Sample]] = {
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


def _write() -> None:
    for path, sample in SAMPLES.items():
        (LAYOUTS / path).parent.mkdir(parents=True, exist_ok=True)
        (LAYOUTS / path).write_bytes(sample().content)


if __name__ == "__main__":
    _write()
