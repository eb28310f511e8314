"""The words of vetting: refusals, events, labels, the points of the checklist."""

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from marketplace.catalogue.wording import limit_text
from marketplace.kernel.workdays import Limit
from marketplace.vetting.rules import CaseState, Ending, Hint, Outcome, Point

REFUSALS: dict[str, LazyString] = {
    "vetting.not_system_admin": _(
        "Only the operator's system administrators say which association is competent."
    ),
    "vetting.no_association_capacity": _("This organisation is not an industry association."),
    "vetting.no_association": _(
        "No association is competent for this item in your region yet. The operator has to name "
        "one first; your dossier stays as it is."
    ),
    "vetting.not_the_applicant": _("Only an agent of the institution may do this."),
    "vetting.provisional_agent": _(
        "Your authorisation letter is confirmed together with your first application. Until that "
        "is decided you can prepare further applications, but not submit them."
    ),
    "vetting.not_competent": _("Only the competent association deals with this case."),
    "vetting.not_an_examiner": _("Only examiners of the association may do this."),
    "vetting.not_an_approver": _("Only approvers of the association may do this."),
    "vetting.already_recused": _("You are excluded from the cases of this applicant already."),
    "vetting.closed": _("This case is closed."),
    "vetting.with_applicant": _(
        "The dossier was returned. The applicant has to send it in again first."
    ),
    "vetting.awaits_decision": _("A decision is proposed; an approver has to decide now."),
    "vetting.not_taken": _("Nobody is examining this case yet. Take it first."),
    "vetting.taken_by_other": _("Another examiner has this case. An approver can hand it to you."),
    "vetting.already_yours": _("You have this case already."),
    "vetting.not_yours": _("You are not the examiner of this case."),
    "vetting.not_waiting": _("This is not possible in the present state of the case."),
    "vetting.assigned_by_approver": _(
        "Only an approver, or the examiner who has the case, may hand it to somebody else."
    ),
    "vetting.examiner_unknown": _("Choose an examiner of your association."),
    "vetting.examiner_barred": _(
        "This examiner belongs to the applicant or has declared a tie to it. Choose another one."
    ),
    "vetting.examiner_same": _("This examiner has the case already."),
    "vetting.completeness_done": _("Completeness has been confirmed already."),
    "vetting.completeness_first": _("First confirm that the dossier is complete."),
    "vetting.already_returned": _(
        "This dossier was returned once already. What is still missing now counts in the proposal."
    ),
    "vetting.return_instead": _(
        "Some points of completeness are not in order. Return the dossier, naming all of them."
    ),
    "vetting.points_unanswered": _(
        "%(count)s points have no answer yet. Answer every point first, so that the applicant "
        "learns everything at once."
    ),
    "vetting.points_not_ok": _(
        "%(count)s points are not in order, so only a rejection can be proposed."
    ),
    "vetting.nothing_against": _(
        "Every point is in order. A rejection needs at least one point that is not."
    ),
    "vetting.nothing_missing": _(
        "Every point is in order, so there is nothing to return the dossier for."
    ),
    "vetting.requirements_not_met": _(
        "On this day the certificates in the dossier do not meet the requirements of the item, so "
        "it cannot be admitted."
    ),
    "vetting.unknown_point": _(
        "The checklist has changed since you opened the page. Look at it again and save."
    ),
    "vetting.remark_needed": _("Say what is not in order: the applicant reads it."),
    "vetting.not_proposed": _("Nothing is proposed at the moment."),
    "vetting.own_proposal": _("You proposed this yourself. Another person has to decide."),
    "vetting.differs_from_proposal": _(
        "A decision confirms what was proposed. If you see it otherwise, send the case back."
    ),
    "vetting.change_open": _(
        "Case %(number)s about a change of your dossier is still open. Wait until it is decided or "
        "take it back: the re-admission judges the whole dossier."
    ),
    "vetting.not_returned": _("This application was not returned, so there is nothing to correct."),
    "vetting.lapsed": _(
        "The last day for the correction was %(day)s, so this application has lapsed. Apply anew; "
        "what you have entered is kept."
    ),
    "vetting.illegal_step": _("The case has moved on since you opened the page. Look at it again."),
}


LABELS: dict[str, LazyString] = {
    "waiting.vetting_case": _("Vetting case"),
    "case_state.received": _("Received"),
    "case_state.completeness": _("Completeness check"),
    "case_state.substance": _("Substance check"),
    "case_state.returned": _("Returned for correction"),
    "case_state.proposed": _("Decision proposed"),
    "case_state.decided": _("Decision made"),
    "case_state.withdrawn": _("Withdrawn"),
    "case_kind.admission": _("Admission"),
    "case_kind.change": _("Change of facts"),
    "case_kind.renewal": _("Renewal of a certificate"),
    "case_kind.readmission": _("Re-admission"),
    "outcome.admit": _("Admit"),
    "outcome.reject": _("Reject"),
    "result.ok": _("In order"),
    "result.not_ok": _("Not in order"),
    "stage.completeness": _("Completeness: is everything there?"),
    "stage.substance": _("Substance: is it right?"),
    "dossier.profile": _("Profile"),
    "dossier.affiliations": _("Owners and ties"),
    "dossier.qualification": _("Certificates"),
    "dossier.practitioner": _("Practitioners"),
    "dossier.terms": _("Promised days and price"),
    "dossier.undertaking": _("Undertaking"),
    "dossier.authorisation": _("Authorisation letter"),
}

_POINTS: dict[str, LazyString] = {
    "profile": _("The profile is filled in and makes sense"),
    "affiliations": _("Owners and ties to departments are declared"),
    "practitioners": _("The practitioners are named, with their papers"),
    "terms": _("Promised days and price basis are stated clearly"),
    "undertaking": _("The undertaking is signed"),
    "authorisation": _("The authorisation letter names the agent and bears the seal"),
    "scan": _("The scan of certificate %(subject)s is whole and readable"),
    "identity": _(
        "Name, credit code and legal representative agree with the public register of enterprises"
    ),
    "conflict": _("No tie that the item's conflict rule forbids"),
    "requirement": _("Kind, level and specialty meet the requirements of the item"),
    "practitioners_registered": _("The practitioners are registered with this institution"),
    "promised_days": _("The promised days lie within the limit of the item"),
    "certificate": _("Certificate %(subject)s is genuine and valid"),
    "rectification": _("The rectification is carried out and shown"),
}

# What an applicant opens to mend a point.
SECTION_OF: dict[str, str] = {
    "profile": "profile",
    "identity": "profile",
    "affiliations": "owners",
    "conflict": "ties",
    "practitioners": "practitioners",
    "practitioners_registered": "practitioners",
    "terms": "listings",
    "promised_days": "listings",
    "undertaking": "undertaking",
    "authorisation": "authorisation",
    "scan": "qualifications",
    "certificate": "qualifications",
    "requirement": "qualifications",
    "rectification": "dossier",
}

_HINTS: dict[str, LazyString] = {
    "affiliations": _("By the record: owners %(owners)s, ties to departments %(ties)s."),
    "ties": _("By the record: ties to departments %(count)s."),
    "practitioners": _("By the record: practitioners %(count)s."),
    "undertaking": _("By the record: signed."),
    "promised_days": _("By the record: promised %(promised)s, limit %(limit)s."),
    "requirement_met": _("By the record: the requirements are met today."),
    "requirement_missing": _("By the record: the requirements are not met today."),
    "certificate_dates": _("By the record: valid from %(since)s to %(until)s."),
    "certificate_unlimited": _("By the record: valid from %(since)s, without an end."),
}

_TONES: dict[CaseState, str] = {
    CaseState.RECEIVED: "neutral",
    CaseState.COMPLETENESS: "active",
    CaseState.SUBSTANCE: "active",
    CaseState.RETURNED: "waiting",
    CaseState.PROPOSED: "active",
    CaseState.WITHDRAWN: "ended",
}


def point_text(point: Point, subject: str = "") -> str:
    """What a point asks; `subject` is the number of the certificate it is about."""
    words = str(_POINTS[point.code])
    return words % {"subject": subject} if "%(subject)s" in words else words


def hint_text(hint: Hint) -> str:
    """What the record says about a point."""
    details = {
        name: limit_text(value) if isinstance(value, Limit) else value
        for name, value in hint.details.items()
    }
    return str(_HINTS[hint.code]) % details


def state_text(
    state: CaseState, outcome: Outcome | None = None, ending: Ending | None = None
) -> str:
    """The state in words; a closed case says how it ended."""
    if state is CaseState.DECIDED:
        return str(gettext("Admitted")) if outcome is Outcome.ADMIT else str(gettext("Rejected"))
    if ending is Ending.LAPSED:
        return str(gettext("Lapsed"))
    if ending is Ending.REMOVAL:
        return str(gettext("Ended by a removal"))
    return str(LABELS[f"case_state.{state}"])


def state_tone(state: CaseState, outcome: Outcome | None = None) -> str:
    """The tone of the state's tag."""
    if state is CaseState.DECIDED:
        return "good" if outcome is Outcome.ADMIT else "bad"
    return _TONES[state]


def owes_text(state: CaseState) -> str:
    """Who has to do what next; empty when nobody has."""
    return {
        CaseState.RECEIVED: str(gettext("The association checks completeness")),
        CaseState.COMPLETENESS: str(gettext("The association checks completeness")),
        CaseState.SUBSTANCE: str(gettext("The association checks the substance")),
        CaseState.PROPOSED: str(gettext("An approver of the association decides")),
        CaseState.RETURNED: str(gettext("The applicant corrects and sends in again")),
    }.get(state, "")


def remedies() -> tuple[str, ...]:
    """What an applicant can do against a decision, outside the association."""
    return (
        str(gettext("You may apply again at any time; what was found is shown to you in full.")),
        str(
            gettext(
                "You may complain to the soft environment office, which is independent of the "
                "association, if you think that the decision is wrong or was made unfairly."
            )
        ),
        str(gettext("Your right to take the matter to court is not touched.")),
        str(gettext("Vetting costs nothing and does not depend on membership of the association.")),
    )
