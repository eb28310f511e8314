"""A text area says whether its words are needed: as the service that takes them does."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator

import pytest
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Optional

import marketplace
from marketplace.accounts.services import credentials, memberships
from marketplace.assessments.services import assessing
from marketplace.budgets.services import paying
from marketplace.commission_requests import services as requesting
from marketplace.competitions.services import bidding
from marketplace.contracts import services as contracting
from marketplace.engagements.services import beginning, doing, moving
from marketplace.quotations.services import answering, asking
from marketplace.ratings import services as rating

# What may be left out, and the service that takes nothing as well.
LEFT_OUT: dict[str, tuple[Callable[..., object], ...]] = {
    "budgets ProposeForm.note": (paying.propose_payment,),
    "commission_requests AskForm.words": (requesting.ask_department,),
    "competitions BidForm.statement": (bidding.place_bid,),
    "contracts TermsForm.checks": (contracting.put_forward,),
    "contracts TermsForm.note": (contracting.put_forward,),
    "contracts TermsForm.papers_owed": (contracting.put_forward,),
    "engagements DeliverForm.words": (doing.deliver_version,),
    "engagements MoveForm.words": (moving.move_engagement,),
    "engagements RequestForm.words": (beginning.request_engagement,),
    "engagements WordsForm.words": (doing.resume_work, doing.accept_delivery),
    "quotations AnswerForm.conditions": (answering.answer_request,),
    "quotations AnswerForm.words": (answering.answer_request,),
    "quotations PickForm.words": (asking.pick_quotation,),
    "ratings RatingForm.comment": (rating.rate_engagement, rating.revise_rating),
}
# What is needed only together with another answer, and the service that then asks for it.
SOMETIMES: dict[str, Callable[..., object]] = {
    "accounts AnswerForm.reason": memberships.refuse_request,
    "accounts SecureForm.reason": credentials.free_mobile,
    "assessments InspectionForm.veto_reason": assessing.record_inspection,
    "assessments InspectionForm.words": assessing.record_inspection,
    "engagements ChoiceForm.reason": moving.move_on,
}


def forms(of: type[FlaskForm] = FlaskForm) -> Iterator[type[FlaskForm]]:
    """Every form of the features; those of the back office and those made anew are left out."""
    for one in of.__subclasses__():
        if one.__module__.startswith("marketplace."):
            yield one
        yield from forms(one)


def areas() -> dict[str, list[object]]:
    """The validators of every text area."""
    for found in pkgutil.walk_packages(marketplace.__path__, "marketplace."):
        if re.search(r"\.forms(\.|$)", found.name):
            importlib.import_module(found.name)
    fields = {
        f"{form.__module__.split('.')[1]} {form.__name__}.{name}": getattr(form, name)
        for form in forms()
        for name in dir(form)
        if issubclass(getattr(getattr(form, name), "field_class", object), TextAreaField)
    }
    return {
        key: list(field.kwargs.get("validators") or field.args[1]) for key, field in fields.items()
    }


def needed(validators: list[object]) -> bool:
    return any("required" in getattr(one, "field_flags", {}) for one in validators)


def optional(validators: list[object]) -> bool:
    return any(isinstance(one, Optional) for one in validators)


def test_what_may_be_left_out_says_so_and_nothing_else_does():
    found = areas()

    assert len(found) > 40
    assert {key for key, one in found.items() if optional(one)} == set(LEFT_OUT)
    assert {key for key, one in found.items() if not needed(one) and not optional(one)} == set(
        SOMETIMES
    )


def asks_for(service: Callable[..., object], key: str) -> bool:
    """Whether the source of a service refuses when the words of this field are empty."""
    name = key.rpartition(".")[2]
    return bool(re.search(rf'required\([\w.]+, "{name}"', inspect.getsource(service)))


@pytest.mark.parametrize("key", LEFT_OUT)
def test_the_service_takes_what_may_be_left_out(key):
    assert [one.__name__ for one in LEFT_OUT[key] if asks_for(one, key)] == []


@pytest.mark.parametrize("key", SOMETIMES)
def test_the_service_asks_for_what_is_sometimes_needed(key):
    assert asks_for(SOMETIMES[key], key)
