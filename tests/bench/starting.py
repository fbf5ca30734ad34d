"""Measures how long the import of each function's handler takes, from the shipped code and with Lambda's own boto3."""

from statistics import median

from tests.infra.shipped import HERE, floor_seconds, init_seconds, secrets, trees
from tests.infra.template import FUNCTIONS, Assembly

RUNS, TARGET = 5, 500  # milliseconds
FLOOR = "floor: the libraries, one client, one secret"


def main() -> None:
    prod = Assembly("prod")
    took: dict[str, list[float]] = {name: [] for name in (FLOOR, *FUNCTIONS)}
    with trees() as installed, secrets() as endpoint:
        # Floor and functions take turns, so that other load on the machine slows both.
        for _ in range(RUNS):
            took[FLOOR].append(floor_seconds(installed, endpoint))
            for name in FUNCTIONS:
                took[name].append(init_seconds(name, prod, installed, endpoint))
    print(f"\nhandler init, Python {HERE}, median of {RUNS}" + " " * 17 + "ms   target  of the floor")
    for name, seconds in took.items():
        ratio = median(own / floor for own, floor in zip(seconds, took[FLOOR], strict=True))
        has_snapshot = name != FLOOR and "SnapStart" in prod.function(name)
        snapshot = "   restored from a snapshot (SnapStart)" if has_snapshot else ""
        print(f"  {name:46}{median(seconds) * 1000:>6,.0f}{TARGET:>9}{ratio:>14.2f}{snapshot}")


if __name__ == "__main__":
    main()
