# /// script
# requires-python = ">=3.11"
# dependencies = ["nomenklatura==4.17.4"]
# ///
"""Reads {"algorithm", "people", "pairs"} as JSON from standard input and prints the score of each pair, for `peers.py`.

It runs in an environment of its own: nomenklatura needs an older `nicknames` than the product.
"""

import json
import sys
from importlib import import_module


def main() -> None:
    request = json.load(sys.stdin)
    matching, proxies = import_module("nomenklatura.matching"), import_module("followthemoney").EntityProxy
    compare, usual = matching.get_algorithm(request["algorithm"]).compare, matching.ScoringConfig.defaults()
    entities = [
        proxies.from_dict({"id": str(number), "schema": "Person", "properties": properties})
        for number, properties in enumerate(request["people"])
    ]
    json.dump([compare(entities[left], entities[right], usual).score for left, right in request["pairs"]], sys.stdout)


if __name__ == "__main__":
    main()
