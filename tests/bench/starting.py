"""How long each function's handler takes to be imported, from what is shipped and with Lambda's own boto3."""

from statistics import median

from tests.infra.shipped import HERE, init_seconds, secrets, trees
from tests.infra.template import FUNCTIONS, Assembly
from tests.local.deployment import assembly

RUNS, TARGET = 7, 700  # milliseconds


def main() -> None:
    prod = Assembly("prod", assembly("prod"))
    print(f"\nhandler init, Python {HERE}, median of {RUNS}" + " " * 17 + "ms   target")
    with trees() as installed, secrets() as endpoint:
        for name in FUNCTIONS:
            took = median(init_seconds(name, prod, installed, endpoint) for _ in range(RUNS))
            print(f"  {name:46}{took * 1000:>6,.0f}{TARGET:>9}")


if __name__ == "__main__":
    main()
