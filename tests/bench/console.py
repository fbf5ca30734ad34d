"""Measures the console on the local cloud: weight and speed of its first page, and how long everyday tasks take.

The tasks are those of `tests/browser/tasks.py`. Their time is that of the keystroke-level model
(`tests/browser/hands.py`), beside what the browser needed, which waits for the functions of a busy machine.
"""

from functools import partial
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from shared.offices.users import Right
from tests.browser.chromium import chromium, missing
from tests.browser.looking import HEAVIEST
from tests.browser.many_alerts import give_alerts, usual_first_byte
from tests.browser.person import PHONE, Person, join_office
from tests.browser.tasks import TASKS
from tests.e2e.scene import Scene, unused_name
from tests.local.deployed import Deployed, deployed

RUNS, TARGET = 20, 300  # milliseconds to the first byte
ALERTS = 10_000  # of one reader


def main() -> None:
    if reason := missing():
        print(f"\nconsole: {reason} `make browser` gets what is missing.")
        return
    with deployed() as product, chromium() as browser:
        _first_page(product, browser)
        _tasks(product, browser)


def _first_page(product: Deployed, browser: Browser) -> None:
    scene = Scene(product, unused_name())
    ada = _join(scene, browser)
    give_alerts(scene, ada, ALERTS)
    page = ada.sign_in().page
    answer = page.reload()
    assert answer is not None
    weight, took = len(answer.body()), usual_first_byte(page, RUNS)
    print(f"\nconsole, the first page of {ALERTS:,} alerts, median of {RUNS}")
    print(f"  {'time to the first byte, warm, local cloud':46}{took:>8,.0f} ms   (target {TARGET})")
    print(f"  {'weight of ' + urlsplit(page.url).path:46}{weight / 1000:>8,.1f} kB   (target {HEAVIEST // 1000})")


def _tasks(product: Deployed, browser: Browser) -> None:
    columns = f"{'pages':>7}{'fields':>8}{'clicks':>8}{'keys':>7}{'model':>11}{'browser':>11}{'target':>10}"
    print(f"\n{'everyday tasks, as a new user does them':48}{columns}")
    for task in TASKS:
        scene = Scene(product, unused_name())
        count = task.run(scene, partial(_join, scene, browser))
        print(f"  {task.name:46}{count}{task.target:>8} s")
        scene.leave()


def _join(scene: Scene, browser: Browser, name: str = "ada", *rights: Right, width: int = PHONE) -> Person:
    return join_office(scene.product, scene.office, f"{name}@{scene.domain}", browser, frozenset(rights), width)


if __name__ == "__main__":
    main()
