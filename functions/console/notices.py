"""What a page says once after a form took effect. A cookie carries the key: nobody can put own words on a page."""

NOTICES = {
    "acknowledged": "You have this alert. It goes to nobody else.",
}
