"""Words for codes: refusals and labels from the features' `wording`, events from their `news`."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from flask_babel import LazyString, lazy_gettext

from marketplace.infra.outbox.news import news_of
from marketplace.kernel.decisions import Decision
from marketplace.kernel.errors import Refused


class WordingModule(Protocol):
    """What a feature's `wording` module may define: words by code, and how it says a value."""

    REFUSALS: Mapping[str, LazyString]
    LABELS: Mapping[str, LazyString]
    SAID: Mapping[type, Callable[[Any], str]]


_refusals: dict[str, LazyString] = {
    "request.changed_meanwhile": lazy_gettext(
        "Something on this page was changed after you had opened it. Nothing was saved: see below"
        " what is stored now and what you wrote, then send it again."
    ),
    "request.key_reused": lazy_gettext(
        "This form was already sent. Open the page again to send something new."
    ),
    "request.personal_number": lazy_gettext(
        "Others will read this, and it holds a number of a person (identity card, mobile or bank"
        " card). Take the number out."
    ),
    "request.proof_due": lazy_gettext(
        "Please prove once more that it is you: it is a while since you last did. Programs cannot"
        " do this."
    ),
    "request.sign_in": lazy_gettext("Please sign in first."),
    "request.unencrypted": lazy_gettext(
        "This came without encryption, so nothing was done. Use the encrypted address, and revoke"
        " a token that was sent this way."
    ),
    "request.words_needed": lazy_gettext("Please write this; it is read by those concerned."),
    "request.words_too_long": lazy_gettext("Please use at most %(most)s characters."),
}
_labels: dict[str, LazyString] = {}
_said: dict[type, Callable[[Any], str]] = {}
_mends: dict[str, tuple[LazyString, str]] = {}


def register(module: object) -> None:
    """Take the words of one feature."""
    _refusals.update(getattr(module, "REFUSALS", {}))
    _labels.update(getattr(module, "LABELS", {}))
    _said.update(getattr(module, "SAID", {}))
    _mends.update(getattr(module, "MENDS", {}))


def mend_of(code: str) -> tuple[LazyString, str] | None:
    """Where what a refusal asks for is done: the words of the link, and the endpoint of the page.

    The page leads back to where somebody came from, which it is told as `next`.
    """
    return _mends.get(code)


def refusal_text(refusal: Refused | Decision | str) -> str:
    """Why something is refused and how to mend it, in the user's language."""
    code, details = _code_and_details(refusal)
    words = _refusals.get(code)
    if words is None:
        return code
    return (
        str(words) % {name: value_text(value) for name, value in details.items()}
        if details
        else str(words)
    )


def _code_and_details(refusal: Refused | Decision | str) -> tuple[str, Mapping[str, object]]:
    if isinstance(refusal, Refused):
        return refusal.code, refusal.details
    if isinstance(refusal, Decision):
        return refusal.reason, refusal.details
    return refusal, {}


def event_text(kind: str) -> str:
    """What happened, as the time line says it."""
    row = news_of(kind)
    return kind if row is None else str(row.history)


def label(code: object) -> str:
    """The words of an enum member or code (`listing.admitted`); the code itself when unknown."""
    return str(_labels.get(str(code), code))


def value_text(value: object) -> str:
    """A detail in words: a limit with its unit, a code by its label, anything else as it is."""
    say = _said.get(type(value))
    return say(value) if say else label(value)


def known_refusals() -> frozenset[str]:
    """Every refusal code that has words."""
    return frozenset(_refusals)
