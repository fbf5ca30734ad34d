"""The first page of an office with ten thousand alerts. How soon it comes, `make bench` prints."""

import pytest

from tests.browser.looking import HEAVIEST
from tests.browser.many_alerts import give_alerts
from tests.browser.tasks import Join
from tests.e2e.scene import Scene

ALERTS, A_PAGE = 10_000, 20


@pytest.mark.exhaustive
def test_kb3_the_first_page_of_ten_thousand_alerts_opens_is_light_and_leads_on(scene: Scene, join: Join) -> None:
    ada = join()
    give_alerts(scene, ada, ALERTS)
    page = ada.sign_in().page
    answer = page.reload()
    assert answer is not None
    assert len(answer.body()) <= HEAVIEST
    cards = page.locator("main li.card h3, main li.card h2")
    first = cards.all_inner_texts()
    assert len(first) == A_PAGE, "what waits, and nothing twice"
    ada.hands.follow("Older alerts")
    assert cards.count() == A_PAGE
