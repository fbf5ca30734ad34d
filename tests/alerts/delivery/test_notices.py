from shared.alerts.delivery.messages.notice import Notice
from tests.alerts.delivery.conftest import ADA, Post
from tests.builders import NOW


def test_a_notice_is_mailed_once_and_says_where_to_read_on(post: Post) -> None:
    notice = Notice(
        notice_id="ab" * 16, office_id="kings", email=ADA, title="A watch has changed", lines=("It was ended.",),
        path="/v1/subscriptions/s1", created_at=NOW,
    )  # fmt: skip
    assert post.tables.alerts.notices.store(notice)
    assert not post.tables.alerts.notices.store(notice)
    post.queue += [notice.delivery.key] * 2
    post.work()
    ((address, message, _),) = post.mails
    assert (address, message.subject) == (ADA, "A watch has changed")
    assert "- It was ended." in message.text
    assert "https://alerts.example.gov/console/watches/s1" in message.text
    assert "probable cause" not in message.text


def test_a_notice_to_who_has_left_the_office_is_not_sent(post: Post) -> None:
    notice = Notice(
        notice_id="cd" * 16, office_id="kings", email="ada@elsewhere.example", title="A watch has changed", lines=(),
        path="/v1/subscriptions/s1", created_at=NOW,
    )  # fmt: skip
    post.tables.alerts.notices.store(notice)
    post.queue.append(notice.delivery.key)
    post.work()
    assert post.mails == []
    assert list(post.states()) == ["suppressed"]
