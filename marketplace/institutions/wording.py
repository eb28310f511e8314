"""The words of institutions: refusals, events, labels, and sentences made of facts."""

from collections.abc import Mapping
from datetime import date

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from marketplace.catalogue.queries import KindRow
from marketplace.catalogue.rules import Need
from marketplace.catalogue.wording import need_text
from marketplace.institutions.queries import ListingDocument, TermsRow
from marketplace.institutions.rules import ListingState, Missing, PriceBasis
from marketplace.institutions.words import LABEL_WORDS, REFUSAL_WORDS
from marketplace.web.context import language

REFUSALS: Mapping[str, LazyString] = REFUSAL_WORDS
LABELS: Mapping[str, LazyString] = LABEL_WORDS

# The tone of a state tag: neutral active waiting good bad ended.
_TONES: Mapping[ListingState, str] = {
    ListingState.DRAFT: "neutral",
    ListingState.SUBMITTED: "active",
    ListingState.UNDER_REVIEW: "active",
    ListingState.RETURNED: "waiting",
    ListingState.ADMITTED: "good",
    ListingState.SUSPENDED: "waiting",
    ListingState.REJECTED: "bad",
    ListingState.WITHDRAWN: "ended",
    ListingState.LAPSED: "ended",
    ListingState.REMOVED: "bad",
    ListingState.RECTIFYING: "active",
    ListingState.READMISSION_SUBMITTED: "active",
}

_MISSING: Mapping[str, LazyString] = {
    "missing.fact": _("Fill in: %(fact)s."),
    "missing.owner": _("Name at least one owner or sponsor."),
    "missing.ties_answer": _("Say whether the institution is tied to an approval department."),
    "missing.tie": _("You said that there is a tie to a department. Name it."),
    "missing.qualification": _("Add a valid certificate: %(need)s."),
    "missing.qualification_expired": _(
        "The certificate expired on %(ended)s. Add a valid one: %(need)s."
    ),
    "missing.one_qualification": _("Add a valid certificate of one of these: %(needs)s."),
    "missing.scan": _("Upload the scan of certificate %(certificate)s."),
    "missing.practitioner": _("Name at least one practitioner who carries the qualification."),
    "missing.practitioner_scan": _(
        "Upload the papers of the practitioners: still missing for %(count)s."
    ),
    "missing.undertaking": _("Sign the undertaking."),
    "missing.authorisation": _("Upload the letter that authorises you to act."),
    "missing.terms": _("State the promised days and the price basis."),
    "missing.terms_too_long": _(
        "You promise %(days)s days, but the limit of the item is %(limit)s. Promise no more."
    ),
}


def listing_tone(state: ListingState) -> str:
    """The tone of a listing's state tag."""
    return _TONES[state]


def missing_text(missing: Missing, lang: str = "") -> str:
    """What is missing, as a sentence that says how to mend it, in the language of the page."""
    kinds, lang = missing.details.get("kinds", {}), lang or language()
    details = {name: _said(value, kinds, lang) for name, value in missing.details.items()}
    return str(_MISSING[missing.code]) % details


def _said(value: object, kinds: object, lang: str) -> str:
    known: Mapping[str, KindRow] = kinds if isinstance(kinds, Mapping) else {}
    if isinstance(value, Need):
        return need_text(value, known.get(value.kind), lang)
    if isinstance(value, tuple):
        return str(gettext("; ")).join(_said(part, known, lang) for part in value)
    if isinstance(value, date):
        return value.isoformat()
    return str(LABELS.get(str(value), value))


def terms_text(terms: TermsRow | ListingDocument) -> str:
    """By what is charged, in words."""
    amount = f"{(terms.amount_fen or 0) / 100:,.2f}"
    if terms.price_basis is PriceBasis.FIXED:
        return str(gettext("%(amount)s yuan per commission", amount=amount))
    if terms.price_basis is PriceBasis.PER_UNIT:
        return str(gettext("%(amount)s yuan per %(unit)s", amount=amount, unit=terms.unit))
    if terms.price_basis is PriceBasis.SHARE:
        rate = f"{(terms.rate_basis_points or 0) / 100:g}"
        return str(gettext("%(rate)s%% of the project's investment", rate=rate))
    return str(gettext("Quoted for each project"))
