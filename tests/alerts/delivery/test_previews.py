import pytest

from shared.alerts.matches.reason_words import reason_sentence
from tests.alerts.delivery.previews import FOLDER, browser, previews, screenshot, six_reasons
from tests.widths import thorough

NAMES_SOMEBODY = (
    "six-reasons",
    "longest",
    "urgent.",
    "may-be-another",
    "update",
    "escalated",
    "undelivered",
    "corrected",
    "reason-ended",
)


def test_every_message_reads_as_its_preview_shows():
    """`python -m tests.alerts.delivery.previews` writes them anew; then read them."""
    written = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert written == dict(previews())


def test_six_reasons_for_one_person_are_one_message_with_all_of_them():
    alert, _ = six_reasons()
    text = (FOLDER / "six-reasons.txt").read_text()
    assert "WHY YOU GET THIS: 6 WATCHES MATCH" in text
    for one in alert.because:
        for said in (one.folder, one.case_number, one.owner, reason_sentence(one), one.reference, one.note):
            assert said in text


def test_no_preview_but_the_full_ones_names_anybody():
    for name, content in previews():
        if not name.startswith(NAMES_SOMEBODY) or name.endswith(".sms.txt"):
            for personal in ("Quillfeather", "QUILLFEATHER", "1988", "01234567A", "Elm", "ELM", "Harbor", "265.03"):
                assert personal not in content, (name, personal)


def test_a_text_message_is_one_part():
    assert all(len(content.strip()) <= 160 for name, content in previews() if name.endswith(".sms.txt"))


@pytest.mark.parametrize("width", [360, *thorough(700)])
def test_the_six_reasons_are_rendered_by_a_real_browser(tmp_path, width):
    if browser() is None:
        pytest.skip("no browser is installed (chromium, google-chrome): the page was not rendered")
    picture = tmp_path / "page.png"
    screenshot(FOLDER / "six-reasons.html", picture, width)
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) > 20_000  # a blank page has some 5,000
