"""What a page says of the lights on it: their rule, once."""

from flask import Flask, g

from marketplace.clocks.queries import yellow_days
from marketplace.clocks.wording import light_rule
from marketplace.kernel.times import local_date
from marketplace.web.context import reading_session, request_time


def note_light() -> str:
    """Remember that the page shows a light."""
    g.light_to_explain = g.get("light_to_explain", True)
    return ""


def explain_lights() -> str:
    """When lights change their colour, the first time that a page with lights asks; else empty."""
    if not g.get("light_to_explain"):
        return ""
    g.light_to_explain = False
    return light_rule(yellow_days(reading_session(), local_date(request_time())))


def prepare(app: Flask) -> None:
    """Give the templates both."""
    app.jinja_env.globals.update(note_light=note_light, explain_lights=explain_lights)
