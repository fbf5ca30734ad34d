"""A super-owner adds a person, who gets a mail and signs in: nobody opens a console of AWS."""

import re

import pytest

from shared.offices.users import Right
from tests.e2e.scene import Scene
from tests.local.console import ConsoleWindow
from tests.local.deployed import PASSWORD, Api, Deployed, eventually
from tests.local.sign_in import Office as SignIn


def super_owner(scene: Scene) -> Api:
    scene.product.offices.enrol(scene.office)
    person = scene.product.enrol(f"sue@{scene.domain}", scene.office, frozenset({Right.SUPER_OWNER}))
    return scene.product.api(person.id_token())


def mails_to(product: Deployed, address: str) -> list[str]:
    return [mail["BodyHtml"] + mail["BodyText"] for mail in product.cloud.emails() if address in mail["To"]]


def first_password(mail: str) -> str:
    [password] = re.findall("<strong>(.+?)</strong>", mail)
    return password


def accept(product: Deployed, email: str, password_of_the_mail: str) -> SignIn:
    return SignIn.accept(
        product.cloud, pool_id=product.outputs["UserPoolId"], client_id=product.outputs["UserPoolClientId"],
        email=email, first_password=password_of_the_mail, password=PASSWORD,
    )  # fmt: skip


def test_kd12_a_person_who_is_added_gets_a_mail_signs_in_and_is_out_when_removed(scene: Scene) -> None:
    product, sue, email = scene.product, super_owner(scene), f"new@{scene.domain}"
    added = sue("POST", "/v1/users", {"email": email})
    assert (added.status, added.body["account"]) == (201, "invited"), added.body
    [mail] = eventually(lambda: mails_to(product, email), what="the invitation")
    assert f"{product.outputs['ConsoleUrl']}/console/alerts" in mail
    assert email in mail
    person, window = accept(product, email, first_password(mail)), ConsoleWindow(product.outputs["ConsoleUrl"])
    window.sign_in(person)
    assert email in window.get("/console/alerts").text
    again = sue("POST", f"/v1/users/{email}/invitation")
    assert (again.status, again.body["account"]) == (200, "kept"), "who has signed in gets no other password"
    assert mails_to(product, email) == [mail]
    assert sue("DELETE", f"/v1/users/{email}").status == 200
    out = window.get("/console/alerts")
    assert (out.status, "You are signed out" in out.text) == (403, True)
    with pytest.raises(ValueError, match="disabled"):
        person.id_token()
    assert sue("POST", "/v1/users", {"email": email}).body["account"] == "kept"
    window.sign_in(person)
    assert email in window.get("/console/alerts").text


def test_kd12_an_invitation_that_was_not_followed_is_sent_again(scene: Scene) -> None:
    product, sue, email = scene.product, super_owner(scene), f"late@{scene.domain}"
    sue("POST", "/v1/users", {"email": email})
    assert sue("POST", f"/v1/users/{email}/invitation").body["account"] == "invited"
    mails = eventually(lambda: mails if len(mails := mails_to(product, email)) > 1 else None, what="the second mail")
    assert accept(product, email, first_password(mails[-1])).id_token()


def test_kd12_an_address_with_an_account_of_another_office_is_said_to_be_taken(scene: Scene) -> None:
    product, sue, email = scene.product, super_owner(scene), f"both@{scene.domain}"
    product.enrol(email, scene.office.model_copy(update={"office_id": f"{scene.name}-other"}))
    added = sue("POST", "/v1/users", {"email": email})
    assert (added.status, added.body["account"]) == (201, "taken")
    assert mails_to(product, email) == []
