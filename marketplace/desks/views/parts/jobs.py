"""How a desk says what is owed: for each step that waits its words, its page, what stands beside.

The codes are those of `Waiting.what`, by which every feature tells what waits in it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from marketplace.catalogue.forms import item_name
from marketplace.clocks.queries import Owed
from marketplace.clocks.rules import Waiting
from marketplace.desks.views.parts.shapes import Desk, Job, More
from marketplace.engagements.wording import ACTS
from marketplace.web.wording import label
from marketplace.web.words import yuan


def _title(one: Waiting) -> str:
    return one.title


def _item(one: Waiting) -> str:
    return item_name(one.item_code)


def _title_and_item(one: Waiting) -> str:
    return f"{one.title} · {_item(one)}"


def _unanswered(one: Waiting) -> str:
    return str(gettext("Questions without an answer: %(count)s", count=one.figure))


def _amount(one: Waiting) -> str:
    return str(gettext("%(amount)s yuan", amount=yuan(one.figure)))


def _amount_and_title(one: Waiting) -> str:
    return " · ".join(part for part in (_amount(one), one.title) if part)


def _removed(one: Waiting) -> str:
    said = gettext("%(provider)s was removed · %(item)s", provider=one.title, item=_item(one))
    return str(said)


@dataclass(frozen=True)
class _Told:
    """How one step is told: `words` name the act, and may name the title and the step.

    `page` takes the record, and `act` where it is the page of one of its acts.
    """

    words: LazyString | str
    page: str
    key: str
    beside: Callable[[Waiting], str] = _title
    anchor: str | None = None
    act: str | None = None

    def job(self, one: Waiting) -> Job:
        """The step as a job of the desk."""
        record: dict[str, Any] = {self.key: one.public_id}
        if self.act:
            record["act"] = self.act
        return Job(
            str(self.words) % {"title": one.title, "step": label(one.what)},
            url_for(self.page, _anchor=self.anchor, **record),
            one.light,
            one.due_on,
            self.beside(one),
            one.number,
            since=one.since,
        )


_EXAMINE = _Told(_("Examine the case"), "vetting.case", "case_id", _title_and_item)
_COMPLAINT = _Told(_("Deal with the complaint"), "complaints.case", "complaint_id")
_COMPETITION = _Told("%(step)s", "competitions.record", "competition_id")
_REMOVAL = _Told("%(step)s", "assessments.removal", "case_id", _title_and_item)
_TOLD: dict[str, _Told] = {
    "case_state.received": _Told(_("Take up the case"), "vetting.case", "case_id", _title_and_item),
    "case_state.completeness": _EXAMINE,
    "case_state.substance": _EXAMINE,
    "case_state.proposed": _Told(_("Decide the case"), "vetting.case", "case_id", _title_and_item),
    "case_state.returned": _Told(_("Correct the application"), "vetting.correct", "case_id", _item),
    **{
        f"engagement.{what}": _Told(words, "engagements.show", "engagement_id", _title_and_item)
        for what, words in ACTS.items()
    },
    "engagement.keep_or_move": _Told(
        _("Keep the engagement or move it"),
        "engagements.keep_or_move",
        "engagement_id",
        _removed,
    ),
    "engagement.handover": _Told(
        _("Say whether the work passes to the other enterprise"),
        "engagements.handover",
        "handover_id",
        _title_and_item,
    ),
    "engagement.settle_handover": _Told(
        _("Settle whether the work passes to the other enterprise"),
        "engagements.handover",
        "handover_id",
        _title_and_item,
    ),
    "continuation.answer": _Told(
        "%(step)s", "continuations.show", "continuation_id", _title_and_item
    ),
    "contract.confirm": _Told("%(step)s", "contracts.show", "engagement_id", _title_and_item),
    "contract.change": _Told("%(step)s", "contracts.show", "engagement_id", _title_and_item),
    "ruling.rule": _Told("%(step)s", "rulings.show", "ruling_id", _title_and_item),
    "ruling.speak": _Told("%(step)s", "rulings.show", "ruling_id", _title_and_item),
    "incident.answer": _Told("%(step)s", "incidents.show", "incident_id", _title_and_item),
    "quotation.compare": _Told(
        _("Compare the quotations and pick one"),
        "quotations.show",
        "round_id",
        _title_and_item,
    ),
    "quotation.nobody": _Told(
        _("Nobody quoted: ask others or withdraw the round"),
        "quotations.show",
        "round_id",
        _title_and_item,
    ),
    "quotation.question": _Told(
        _("Answer the questions of institutions that were asked"),
        "quotations.show",
        "round_id",
        _title_and_item,
    ),
    "quotation.answer": _Told(
        _("Give a quotation"), "quotations.show_request", "request_id", _title_and_item
    ),
    **{
        f"commission_request.{what}": _Told(
            "%(step)s", "commission_requests.show", "request_id", _title_and_item
        )
        for what in ("answer", "notice", "address")
    },
    "competition.publish": _COMPETITION,
    "competition.open": _COMPETITION,
    "competition.evaluate": _COMPETITION,
    "competition.award": _COMPETITION,
    "competition.answer": _Told(
        _("Answer the questions of bidders"),
        "competitions.record",
        "competition_id",
        _unanswered,
        "questions",
    ),
    "competition.explain": _Told(
        _("Explain your very low price"), "competitions.justify", "competition_id"
    ),
    "payment.approve": _Told(
        _("Decide the payment"), "budgets.payment", "payment_id", _amount_and_title
    ),
    "payment.propose": _Told(
        _("Propose the payment"),
        "budgets.hold_act",
        "hold_id",
        _amount_and_title,
        act="pay",
    ),
    "payment.late": _Told(
        _("A payment on the line “%(title)s” is late"), "budgets.line", "line_id", _amount
    ),
    "complaint.acknowledge": _COMPLAINT,
    "complaint.decide": _COMPLAINT,
    "complaint.answer": _Told(_("Answer the complaint"), "complaints.show", "complaint_id"),
    "objection.decide": _Told(_("Decide the objection"), "complaints.objection", "objection_id"),
    "assessment.objection": _Told(
        "%(step)s", "assessments.sheet", "assessment_id", _title_and_item
    ),
    "removal.notify": _REMOVAL,
    "removal.propose": _REMOVAL,
    "removal.decide": _REMOVAL,
    "removal.reply": _Told("%(step)s", "assessments.my_removal", "case_id", _item),
}


def owed_desk(found: Owed, text: str, address: str) -> Desk:
    """What is owed as jobs, in its order; where there is more, the way to the list of all."""
    left = found.total - len(found.rows)
    return Desk(
        jobs=tuple(_TOLD[one.what].job(one) for one in found.rows),
        more=(More(left, text, address, len(found.rows)),) if left else (),
    )
