"""What of a sent form counts as typed: nothing that the form carries for itself."""

import pytest
from flask import Flask
from wtforms import HiddenField, StringField

from marketplace.web.forms import Form, kept_fields, opened_for, with_labels

CARRIED = {"csrf_token": "token", "once": "key", "acting_as": "member", "seen": "marks"}


class Decision(Form):
    """A form of a page that has several."""

    reason = StringField("Reasons")
    round = HiddenField()


@pytest.mark.parametrize("prefix", ["", "decide-"])
def test_what_a_form_carries_for_itself_was_not_typed(app: Flask, prefix: str) -> None:
    carried = {f"{prefix}{name}": value for name, value in CARRIED.items()}

    with app.test_request_context(method="POST", data=carried):
        assert kept_fields() == []
    with app.test_request_context(method="POST", data=carried | {f"{prefix}code": "2106"}):
        kept = kept_fields()

    assert opened_for(kept) == "member"
    assert {value for _name, value in kept} == {"member", "marks", "2106"}


@pytest.mark.parametrize("name", ["one_time_code", "password", "present_password", "secret"])
def test_what_is_secret_is_not_kept(app: Flask, name: str) -> None:
    sent = {name: "four horses", f"prove-{name}": "four horses", "purpose": "sync"}
    with app.test_request_context(method="POST", data=sent):
        assert kept_fields() == [("purpose", "sync")]


def test_what_was_typed_is_shown_under_its_label_and_what_was_not_is_not_shown(app: Flask) -> None:
    sent = {"decide-reason": "因为", "decide-round": "2", "decide-once": "key", "other": "x"}
    with app.test_request_context(method="POST", data=sent):
        Decision(prefix="decide-")
        Decision(prefix="refuse-", formdata=None)
        assert with_labels(kept_fields()) == [("Reasons", "因为"), ("", "x")]
