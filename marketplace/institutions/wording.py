"""The words of institutions: refusals, labels, and sentences made of facts."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from marketplace.catalogue.rules.items import Need
from marketplace.catalogue.wording import limit_text, need_text
from marketplace.institutions.facts import FACTS
from marketplace.institutions.rules.dossier import Missing, PriceBasis, Priced
from marketplace.institutions.rules.market import ListingState
from marketplace.kernel.money import percent, yuan
from marketplace.kernel.workdays import Limit
from marketplace.web.context import language

if TYPE_CHECKING:
    from marketplace.catalogue.queries import KindRow

REFUSALS: dict[str, LazyString] = {
    "listing.illegal_step": _("The listing is not in a state in which this can be done."),
    "version.illegal_step": _("This version cannot be changed any more."),
    "institution.agents_only": _("Only an agent of an institution may do this."),
    "institution.not_yours": _("This belongs to another institution."),
    "institution.first_application_only": _(
        "Until your authorisation is confirmed you may submit one first application only. It is "
        "confirmed together with that application."
    ),
    "institution.association_only": _("Only the association's examiners and approvers do this."),
    "institution.authority_only": _("Only a supervisor or the association's approver does this."),
    "listing.in_vetting": _(
        "The association is looking at this. Wait for its answer, or withdraw first."
    ),
    "listing.change_open": _(
        "A change or a renewal is being vetted for this item. Take it back first."
    ),
    "listing.case_open": _(
        "The association knows of this application. Withdraw it on the page of the application."
    ),
    "listing.not_in_market": _("This item is not in the market, so there is nothing to pause."),
    "listing.not_admitted": _("This institution is not admitted for this item at present."),
    "listing.not_editable": _("This application was submitted already or has ended."),
    "listing.incomplete": _("The application is not complete. Still missing: %(count)s."),
    "listing.nothing_submitted": _("Nothing was submitted for this item."),
    "listing.exists": _("You applied for this item already. Open it in the list of your items."),
    "listing.over": _("This application has ended. Begin a new one for the item."),
    "listing.too_early": _(
        "A removal of this item was decided. A new application can be submitted from %(day)s, when "
        "the minimum period is over."
    ),
    "listing.already_paused": _("You have paused this item already."),
    "listing.not_paused": _("You have not paused this item."),
    "ground.not_a_measure": _("This kind of suspension is opened and closed by the platform."),
    "ground.already_open": _("The item is suspended for this reason already."),
    "ground.not_open": _("The item is not suspended for this reason."),
    "change.already_open": _("A change is being vetted already. Wait for the answer."),
    "change.no_listing": _(
        "None of your items is in the market. The change goes with your next application."
    ),
    "change.nothing": _("You have changed nothing that waits to be submitted."),
    "change.not_open": _("No change is being vetted."),
    "readmission.too_early": _(
        "Re-admission can be applied for from %(day)s, when the minimum period is over."
    ),
    "renewal.already_open": _("A renewal is being vetted already. Wait for the answer."),
    "renewal.nothing": _("Draft the renewed certificate first."),
    "renewal.no_scan": _("Upload the scan of the renewed certificate first."),
    "renewal.expired": _("The renewed certificate expired on %(ended)s. A valid one is needed."),
    "renewal.no_listing": _(
        "No item in the market rests on this certificate. It goes with your next application."
    ),
    "renewal.not_open": _("No renewal of this certificate is being vetted."),
    "profile.unknown_region": _("Choose the region from the list."),
    "profile.established_in_future": _("The day of establishment cannot be in the future."),
    "profile.mobile_shape": _("Enter a mobile number of 11 digits, for example 13800000000."),
    "profile.office_phone_is_mobile": _(
        "This is a mobile number. The office number is shown in public: enter a landline such as "
        "0431-80000000."
    ),
    "owner.code_wrong": _(
        "This is not a valid unified social credit code. Check all 18 characters."
    ),
    "owner.own_code": _("This is the code of your own institution. Enter the owner's code."),
    "owner.id_number_wrong": _("This is not a valid identity number. Check all 18 characters."),
    "owner.twice": _("This owner is in the list already."),
    "owner.shares_over": _("The shares come to more than 100%%. At most %(left)s%% is left."),
    "tie.twice": _("This tie is in the list already."),
    "qualification.unknown_kind": _("Choose the kind of certificate from the list."),
    "qualification.unknown_level": _("Choose a level that this kind of certificate has."),
    "qualification.unknown_specialty": _("Choose a specialty that this kind of certificate has."),
    "qualification.expired": _(
        "This certificate expired on %(ended)s. Enter one that is still valid."
    ),
    "qualification.dates_in_order": _("The last day cannot be before the first day."),
    "qualification.twice": _("This certificate is in the list already."),
    "qualification.not_draft": _(
        "This certificate was submitted. It can be renewed once it is in force."
    ),
    "qualification.not_in_force": _("Only a certificate in force can be renewed."),
    "qualification.renewal_drafted": _("A renewal of this certificate is in the list already."),
    "qualification.renewal_other_kind": _(
        "A renewal is of the same kind. Add another kind as a new certificate."
    ),
    "qualification.renewal_not_later": _(
        "The present certificate runs until %(ends)s. The renewed one must run longer."
    ),
    "practitioner.id_number_wrong": _(
        "This is not a valid identity number. Check all 18 characters."
    ),
    "practitioner.twice": _("This person is in the list already."),
    "practitioner.certificate_expired": _(
        "This certificate expired on %(ended)s. Enter one that is still valid."
    ),
    "practitioner.in_vetting": _("The association is looking at this person. Wait for its answer."),
    "practitioner.change_drafted": _("A change of this person is in the list already. Open that."),
    "undertaking.signed_already": _("The undertaking is signed already."),
    "authorisation.needs_file": _("Choose the scan of the letter."),
    "authorisation.not_needed": _("Your authorisation is confirmed; no letter is needed."),
    "terms.too_long": _("Promise at least one day and at most the limit of the item, %(limit)s."),
    "terms.needs_amount": _("Enter the amount."),
    "terms.needs_unit": _("Enter the unit you charge by, for example a square metre."),
    "terms.needs_rate": _("Enter the percentage of the investment."),
    "terms.needs_note": _("Say how a quotation is made, so that clients know what to expect."),
}


LABELS: dict[str, LazyString] = {
    "listing_state.draft": _("Draft"),
    "listing_state.submitted": _("Submitted"),
    "listing_state.under_review": _("Under review"),
    "listing_state.returned": _("Returned for correction"),
    "listing_state.admitted": _("Admitted to the market"),
    "listing_state.suspended": _("Suspended"),
    "listing_state.rejected": _("Rejected"),
    "listing_state.withdrawn": _("Withdrawn"),
    "listing_state.lapsed": _("Lapsed"),
    "listing_state.removed": _("Removed"),
    "listing_state.rectifying": _("Rectifying"),
    "listing_state.readmission_submitted": _("Re-admission applied for"),
    "ground.expiry": _("A required certificate has expired"),
    "ground.interim": _("Interim measure"),
    "ground.own_pause": _("Paused by the institution"),
    "ground.blacklist": _("On the blacklist"),
    "removal_cause.assessment": _("Grade D in the annual assessment"),
    "removal_cause.complaints": _("Three complaints upheld within twelve months"),
    "removal_cause.expired_certificate": _("A required certificate expired"),
    "removal_cause.forgery": _("A forged certificate or result"),
    "removal_cause.blacklist": _("Entry on the blacklist"),
    "removal_cause.other": _("Another breach of the rules of the market"),
    "version.draft": _("Draft"),
    "version.submitted": _("With the association"),
    "version.in_force": _("In force"),
    "version.superseded": _("No longer in force"),
    "version.dropped": _("Taken out"),
    "submission.admission": _("Application for admission"),
    "submission.change": _("Change of facts"),
    "submission.renewal": _("Renewal of a certificate"),
    "submission.readmission": _("Application for re-admission"),
    "evidence.facts": _("Profile"),
    "evidence.qualification": _("Certificate"),
    "evidence.practitioner": _("Practitioner"),
    "evidence.terms": _("Promised days and price"),
    "evidence.undertaking": _("Undertaking"),
    "evidence.authorisation": _("Letter of authorisation"),
    "section.profile": _("Profile"),
    "section.owners": _("Owners"),
    "section.ties": _("Ties to departments"),
    "section.qualifications": _("Certificates"),
    "section.practitioners": _("Practitioners"),
    "section.undertaking": _("Undertaking"),
    "section.authorisation": _("Letter of authorisation"),
    "section.terms": _("Promised days and price"),
    "institution_type.company": _("Company"),
    "institution_type.partnership": _("Partnership"),
    "institution_type.public_institution": _("Public institution"),
    "institution_type.social_organisation": _("Social organisation"),
    "institution_type.other": _("Other legal form"),
    "holder.organisation": _("Organisation"),
    "holder.person": _("Natural person"),
    "tie.subordinate": _("Subordinate to it"),
    "tie.formerly_subordinate": _("Formerly subordinate, since separated"),
    "tie.funded": _("Funded by it"),
    "tie.shared_staff": _("Shares staff with it"),
    "tie.shared_premises": _("Shares premises with it"),
    "tie.other": _("Another tie"),
    "price_basis.fixed": _("A fixed price per commission"),
    "price_basis.per_unit": _("A price per unit"),
    "price_basis.share": _("A percentage of the investment"),
    "price_basis.quoted": _("A quotation for each project"),
    **{f"fact.{fact.name}": fact.label for fact in FACTS},
}

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
        "You promise %(days)s, but the limit of the item is %(limit)s. Promise no more."
    ),
}


# The ordinary measures that institutions charge by, as an English page says them.
_MEASURES: Mapping[str, str] = {
    "个": "piece",
    "亩": "mu",
    "人": "person",
    "人日": "person-day",
    "人次": "attendance",
    "份": "copy",
    "公里": "kilometre",
    "公顷": "hectare",
    "台": "machine",
    "吨": "tonne",
    "平方公里": "square kilometre",
    "平方米": "square metre",
    "年": "year",
    "座": "structure",
    "户": "household",
    "日": "day",
    "时": "hour",
    "小时": "hour",
    "样": "sample",
    "次": "time",
    "点": "point",
    "点位": "measuring point",
    "立方米": "cubic metre",
    "米": "metre",
    "组": "set",
    "项": "item",
    "项目": "project",
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
    if isinstance(value, Limit):
        return limit_text(value)
    return str(LABELS.get(str(value), value))


def _unit(name: str) -> str:
    """What a price is charged by: English pages say the ordinary measures in English."""
    return _MEASURES.get(name, name) if language() == "en" else name


def terms_text(terms: Priced) -> str:
    """By what is charged, in words."""
    amount = yuan(terms.amount_fen or 0)
    if terms.price_basis is PriceBasis.FIXED:
        return str(gettext("%(amount)s yuan per commission", amount=amount))
    if terms.price_basis is PriceBasis.PER_UNIT:
        return str(gettext("%(amount)s yuan per %(unit)s", amount=amount, unit=_unit(terms.unit)))
    if terms.price_basis is PriceBasis.SHARE:
        rate = percent(terms.rate_millionths or 0)
        return str(gettext("%(rate)s%% of the project's investment", rate=rate))
    return str(gettext("Quoted for each project"))
