"""Alerts: the list, one alert, and what a reader answers."""

from functions.console.page import HtmlPage, Pages, Redirect
from functions.console.visit import Visit
from shared.office_api.routes.alerts import AlertsPage, AlertView

pages = Pages()


@pages.get("/console", nav="alerts")
def home(_visit: Visit) -> Redirect:
    return Redirect("/console/alerts")


@pages.get("/console/alerts", nav="alerts")
def list_alerts(visit: Visit) -> HtmlPage:
    query = {
        name: visit.query.get(name) for name in ("unanswered", "mine", "folder", "urgency", "since", "until", "after")
    }
    listed = visit.api.get("/v1/alerts", AlertsPage, query | {"counts": True, "limit": 25})
    return HtmlPage(template="alerts/list.html", title="Alerts", values={"listed": listed})


@pages.get("/console/alerts/{alert_id}", nav="alerts")
def show_alert(visit: Visit, alert_id: str) -> HtmlPage:
    view = visit.api.get("/v1/alerts/{alert_id}", AlertView, alert_id=alert_id)
    return HtmlPage(template="alerts/alert.html", title=f"Alert {view.number}", values={"view": view})


@pages.post("/console/alerts/{alert_id}/acknowledgement", nav="alerts")
def acknowledge(visit: Visit, alert_id: str) -> Redirect:
    visit.api.send("PUT", "/v1/alerts/{alert_id}/acknowledgement", alert_id=alert_id)
    return Redirect(f"/console/alerts/{alert_id}", "acknowledged")
