"""A list of watches through the console: what is right is taken, what is wrong is mended and sent again."""

from typing import Any

import pytest

from tests.console.conftest import Browser

HEADER = "surname,given,date_of_birth,basis,case_number"
BOUNDARY = "a-boundary-that-no-file-holds"


def rows(wrong: int, right: int) -> str:
    """`wrong` rows with an impossible day, then `right` ones."""
    bad = [f"Fern,Ana{number},1988-02-31,open case,C-{number}" for number in range(wrong)]
    good = [f"Marsh,Pip{number},1990-02-03,open case,D-{number}" for number in range(right)]
    return "\n".join([HEADER, *bad, *good]) + "\n"


def upload(browser: Browser, text: str | bytes, name: str = "list.csv", folder: str = "") -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    fields = {"csrf": browser.csrf, "form-key": "a-key", "folder": folder}
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}' for key, value in fields.items()
    ]
    file = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = "\r\n".join([*parts, file + content.decode("latin-1"), f"--{BOUNDARY}--\r\n"])
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}", "origin": "https://console.example.gov"}
    return browser.send("POST", "/console/lists", body, headers)


def hidden(answer: Any, action: str) -> dict[str, str]:
    [form] = answer.page.xpath(f"//form[@action='{action}']")
    return {field.get("name"): field.get("value") for field in form.xpath(".//input")}


def test_kv6_the_right_rows_are_taken_the_12_mended_and_sent_again_without_doubles(ada: Browser, call: Any) -> None:
    seen = upload(ada, rows(12, 28))
    assert "28 rows become watches" in " ".join(seen.texts("//main")), seen.text
    assert len(seen.page.xpath("//td[@class='wrong']")) == 12
    assert seen.texts("//td[@class='wrong']")[0] == "date_of_birth"
    taken = ada.post("/console/lists/take", hidden(seen, "/console/lists/take"))
    assert "28 watches are saved" in " ".join(taken.texts("//main"))
    download = ada.post("/console/lists/rejected.csv", hidden(seen, "/console/lists/rejected.csv"))
    assert len(download.text.splitlines()) == 13
    mended = upload(ada, download.text.replace("02-31", "02-28"))
    assert "12 rows become watches" in " ".join(mended.texts("//main"))
    ada.post("/console/lists/take", hidden(mended, "/console/lists/take"))
    listed = call("POST", "/v1/subscriptions/search", {}).body
    assert listed["total"] == 40
    whole = upload(ada, rows(12, 28).replace("02-31", "02-28"))
    assert "40 you watch already" in " ".join(whole.texts("//main")), "the whole mended file makes no doubles"


@pytest.mark.parametrize(
    ("content", "name", "mend"),
    [
        (b"%PDF-1.7", "list.pdf", "This is a PDF."),
        (b"\xd0\xcf\x11\xe0", "list.xls", "This is an old Excel file."),
        (b"", "list.csv", "Choose a file."),
        (b"colour\nred\n", "list.csv", "A column is none of ours: colour."),
        (b"PK\x03\x04 no workbook", "list.xlsx", ""),
    ],
)
def test_a_file_that_is_no_list_is_called_by_its_name(ada: Browser, content: bytes, name: str, mend: str) -> None:
    answer = upload(ada, content, name)
    assert answer.texts("//h1") == ["Upload a list of watches"]
    assert mend in " ".join(answer.texts("//div[@class='errors']"))


def test_markup_in_a_row_stays_text(ada: Browser) -> None:
    answer = upload(ada, f"{HEADER}\n<script>alert(1)</script>,Ana,1988-02-31,open case,C-1\n")
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_a_list_goes_into_the_folder_that_was_chosen(ada: Browser, call: Any) -> None:
    folder = ada.post("/console/folders", {"name": "Parole", "tab": "my"}).location.rpartition("/")[2]
    seen = upload(ada, rows(0, 2), folder=folder)
    taken = ada.post("/console/lists/take", hidden(seen, "/console/lists/take"))
    [onward] = taken.page.xpath("//a[text()='Upload the corrected file']/@href")
    assert ada.get(onward).page.xpath("//select[@id='folder']/option[@selected]/@value") == [folder]
    assert {tuple(item["folders"]) for item in call("GET", "/v1/subscriptions").body["items"]} == {(folder,)}
    assert upload(ada, rows(0, 1), folder="f" * 32).status in {200, 404}, "a folder that is not there takes nothing"
    assert len(call("GET", "/v1/subscriptions").body["items"]) == 2
