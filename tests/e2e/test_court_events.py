"""A disposition and a cleared warrant reach whoever asked for such events, in words; a correction is an update."""

from tests.e2e.scene import Scene
from tests.local.deployed import eventually

PROFILE = """
agency: {agency}
format: delimited
time_zone: America/New_York
columns: {{number: "No", event: What, arrested: Arrested, event_date: When, surname: Last, given: First, born: Born,
          charge: Charge, outcome: Result, court: Court, docket: Docket, warrant: Warrant, warrant_court: By}}
dates: ["%m/%d/%Y"]
codes: {{event: {{A: arrest, D: disposition, W: warrant cleared}}}}
"""
HEADER = "No,What,Arrested,When,Last,First,Born,Charge,Result,Court,Docket,Warrant,By"
DISPOSITION = "C-1,D,11/01/2026,11/03/2026,{name},Pat,02/03/1990,Menacing,{result},Quillham Criminal Court,CR-26-0107,,"
CLEARED = ",W,,11/04/2026,{name},Pat,02/03/1990,Fail to appear,,,,W-26-0107,Quillham Town Court"


def drop_of(scene: Scene, *rows: str, result: str = "") -> bytes:
    return "\n".join([HEADER, *(row.format(name=scene.name, result=result) for row in rows), ""]).encode()


def test_an_outcome_and_a_cleared_warrant_are_told_in_words_and_a_correction_is_an_update(scene: Scene) -> None:
    ada, bo, agency = scene.prosecutor(), scene.prosecutor("bo"), f"{scene.name}-court"
    scene.product.agencies.enrol(agency, PROFILE.format(agency=agency))
    ada.watch({"all": [scene.watch_for_pat, {"watch": "event", "kinds": ["disposition", "warrant cleared"]}]})
    bo.watch(scene.watch_for_pat)  # who did not ask for such events

    scene.take_in(agency, "day-1.csv", drop_of(scene, DISPOSITION, CLEARED, result="DISMISSED"))
    eventually(lambda: len(scene.mails(ada.email)) == 2)
    texts = [mail["BodyText"] for mail in scene.mails(ada.email)]
    (decided,) = [text for text in texts if "disposition" in text]
    assert "Dismissed on Tue, Nov 3, 2026 in Quillham Criminal Court, docket CR-26-0107" in decided
    assert "Menacing: dismissed" in decided
    (cleared,) = [text for text in texts if "was cleared" in text]
    assert "warrant number W-26-0107" in cleared
    assert "Warrant issued by Quillham Town Court" in cleared
    assert "If this warrant is why you watch, end the watch." in cleared

    scene.take_in(agency, "day-2.csv", drop_of(scene, DISPOSITION, result="CONVICTED"))
    eventually(lambda: len(scene.mails(ada.email)) == 3)
    update = scene.mails(ada.email)[-1]
    assert "outcome changed" in update["Subject"]
    assert "Outcome of Menacing corrected: convicted, before dismissed" in update["BodyText"]
    subjects = " ".join(mail["Subject"] for mail in scene.mails(ada.email)).casefold()
    assert not any(word in subjects for word in (scene.name, "dismissed", "convicted", "0107"))
    assert scene.mails(bo.email) == []
