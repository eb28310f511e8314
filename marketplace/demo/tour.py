"""The guided tour: what to try first, as whom, and where it begins."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _


@dataclass(frozen=True)
class Stop:
    """One thing to try; `user` is empty where nobody needs to sign in."""

    title: LazyString
    words: LazyString
    user: str
    endpoint: str


TOUR: tuple[Stop, ...] = (
    Stop(
        _("As a visitor: find an institution"),
        _(
            "Search for a part of a name or for a service, narrow by item and region, and compare"
            " up to four institutions side by side."
        ),
        "",
        "discovery.institutions",
    ),
    Stop(
        _("As an institution: apply for the first time"),
        _(
            "The dossier is begun. Complete it page by page, see what is still missing, and submit"
            " the application."
        ),
        "institution2",
        "institutions.dossier",
    ),
    Stop(
        _("As an institution: mend what was returned"),
        _(
            "The association has returned an application and named what is wrong. Correct it and"
            " send it in again."
        ),
        "institution3",
        "vetting.applications",
    ),
    Stop(
        _("As an institution: a certificate has run out"),
        _(
            "The listing is suspended since the certificate expired; the renewed one is being"
            " vetted. Look at the notifications and the history."
        ),
        "institution4",
        "desks.desk",
    ),
    Stop(
        _("As an examiner: check a case and propose"),
        _(
            "Take the most urgent case of the queue, answer the checklist beside the documents, and"
            " return it or propose a decision."
        ),
        "examiner1.consulting",
        "vetting.queue",
    ),
    Stop(
        _("As an approver: decide"),
        _(
            "Another person than the proposer decides. Decide a proposal or send it back with your"
            " reason."
        ),
        "approver.consulting",
        "vetting.queue",
    ),
    Stop(
        _("As an enterprise: choose"),
        _(
            "Read on the page of an item when it is needed, how long it may take and who offers it;"
            " then compare who is in the market."
        ),
        "enterprise1",
        "catalogue.items",
    ),
    Stop(
        _("As an enterprise: compare quotations"),
        _(
            "Two institutions have answered a round of quotations. Compare price and days, pick"
            " one, and look at the engagements under way with their clocks."
        ),
        "enterprise1",
        "quotations.mine",
    ),
    Stop(
        _("As an institution: work and bid"),
        _(
            "Answer a request, hand in a result, reply to a complaint; place a sealed bid in an"
            " open competition of a department."
        ),
        "institution1",
        "engagements.mine",
    ),
    Stop(
        _("As a department: commission by competition"),
        _(
            "Confirm an opening that a colleague asked for, put bids in order, agree on a contract,"
            " propose a payment; the approver publishes and approves."
        ),
        "officer2",
        "competitions.manage",
    ),
    Stop(
        _("As a budget officer: follow the money"),
        _(
            "Every line from appropriation to payment, with what is reserved and committed, late"
            " payments in red, and each entry behind the figures."
        ),
        "budget",
        "budgets.lines",
    ),
    Stop(
        _("As an association: assess the year"),
        _(
            "A finished year with grades A to D and the arithmetic behind each, removal cases, and"
            " a listing on its way back into the market."
        ),
        "examiner1.water",
        "assessments.cycles",
    ),
    Stop(
        _("As a supervisor: every red and yellow light"),
        _("Who owes what since when, by organisation; from the figure down to the record."),
        "supervisor",
        "supervision.board",
    ),
    Stop(
        _("As the operator: look behind the scenes"),
        _(
            "Reference tables, rulebook, calendar, users, deliveries and the trail of all events"
            " are in the back office."
        ),
        "system",
        "backoffice.index",
    ),
    Stop(
        _("Let time pass"),
        _(
            "Move the clock forward by some days: lights turn yellow and red, unanswered returns"
            " lapse, certificates expire, and messages go out."
        ),
        "",
        "demo.clock",
    ),
)
