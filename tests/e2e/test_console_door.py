"""The console where it is deployed: at its own address, through the pool's own pages."""

from tests.e2e.scene import Scene
from tests.local.console import ConsoleWindow


def test_kd2_a_person_signs_in_at_the_deployed_console_and_out_again(scene: Scene) -> None:
    product = scene.product
    scene.prosecutor("ada")
    person = product.enrol(f"door@{scene.domain}", scene.office)
    window = ConsoleWindow(product.outputs["ConsoleUrl"])
    assert window.get("/console/alerts").location == "/console/sign-in?next=%2Fconsole%2Falerts"
    assert window.sign_in(person).location == "/console/alerts"
    page = window.get("/console/alerts")
    assert page.status == 200, page.text
    assert person.email in page.text
    earlier = dict(window.cookies)
    leaving = window.post("/console/sign-out")
    assert (leaving.status, "/logout?client_id=" in leaving.location) == (303, True)
    assert window.get("/console/alerts").status == 303
    stolen = ConsoleWindow(window.base, earlier)
    assert stolen.get("/console/alerts").location.startswith("/console/session-over")
