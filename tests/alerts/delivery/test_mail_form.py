"""What a mail carries for mail programs: its thread, that nobody wrote it by hand, its zone and its names."""

from shared.offices.preferences import Urgency
from tests.alerts.delivery.conftest import ADA, Post
from tests.builders import an_arrest

DEPUTY = "bo@da.example.gov"


def test_kw11_the_mails_of_one_arrest_and_office_are_one_thread_and_no_program_answers_them(post: Post) -> None:
    post.watch()
    first = post.happens(an_arrest("K-1"))
    post.work()
    post.happens(an_arrest("K-1", statutes=["PL 120.05", "PL 265.03"]), before=first)
    post.happens(an_arrest("K-2"))
    post.work()
    headers = [message.headers for _, message, _ in post.mails]
    assert {header["Auto-Submitted"] for header in headers} == {"auto-generated"}
    threads = [header["References"] for header in headers]
    assert (len(threads), len(set(threads)), threads.count(threads[0])) == (3, 2, 2)
    assert all("K-1" not in thread and "kings" not in thread for thread in threads)


def test_kw8_a_mail_is_in_the_zone_of_its_readers_preferences(post: Post) -> None:
    post.prefers(ADA, time_zone="America/Los_Angeles", deputy=DEPUTY)
    post.watch(urgency=Urgency.URGENT)
    post.happens()
    post.work()
    [(_, message, _)] = post.mails
    assert message.subject.startswith("URGENT - answer by 7:45 a.m.: arrest alert ")
    assert f"If you do not, {DEPUTY} is told." in message.text, message.text
