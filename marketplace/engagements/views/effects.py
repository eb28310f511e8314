"""What an act will bring about, told before the button: sentences and facts."""

from collections.abc import Callable
from datetime import date

from flask_babel import gettext as _

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline
from marketplace.engagements.queries import standings
from marketplace.engagements.queries.lists import EngagementRow
from marketplace.engagements.queries.page import EngagementPage
from marketplace.engagements.rules import ClientKind, Limits
from marketplace.engagements.wording import item_text, limit_words
from marketplace.web.context import reading_session
from marketplace.web.words import day, yuan


def facts(row: EngagementRow) -> list[dict[str, str]]:
    """What the act is about."""
    return [
        {"label": _("Engagement"), "value": row.number},
        {"label": _("Project"), "value": row.project_name},
        {"label": _("Item"), "value": item_text(row)},
        {"label": _("Limit"), "value": limit_words(row)},
        {"label": _("Client"), "value": row.client_name},
        {"label": _("Institution"), "value": row.provider_name},
    ]


def effects(name: str, page: EngagementPage, today: date) -> list[str]:
    """What will happen, to whom, by when."""
    session = reading_session()
    found = _Told(page.engagement, standings.limits(session, today), today)
    return [one for one in _EFFECTS[name](found) if one]


class _Told:
    """The engagement, and days by which something would be due if it were done today."""

    def __init__(self, row: EngagementRow, limits: Limits, today: date) -> None:
        self.row, self.limits, self.today = row, limits, today
        self._calendar = catalogue.calendar(reading_session())

    @property
    def pays(self) -> bool:
        """Whether a department's budget is involved."""
        return self.row.client_kind is ClientKind.DEPARTMENT

    @property
    def contract_by(self) -> str:
        """The last day for a contract."""
        return day(deadline(self._calendar, self.today, self.limits.contract_lapse))

    @property
    def answer_by(self) -> str:
        """The last day for the client's answer to a version."""
        return day(deadline(self._calendar, self.today, self.limits.acceptance))

    @property
    def work_by(self) -> str:
        """The last day of the institution's limit."""
        return day(deadline(self._calendar, self.today, self.row.limit))


def _freed(told: _Told) -> str:
    if told.pays:
        return str(_("The award goes to the next in order, or the competition fails."))
    return str(_("The item of the project is free again, and can be commissioned anew."))


def _take_on(told: _Told) -> list[str]:
    return [
        _("The client is told that you take it on."),
        _("The contract has to be recorded by %(day)s; else it lapses.", day=told.contract_by),
    ]


def _decline(told: _Told) -> list[str]:
    return [_("The client is told, with your reasons."), _freed(told)]


def _cancel(told: _Told) -> list[str]:
    return [_("The other side is told, with your reasons."), _freed(told)]


def _contract(told: _Told) -> list[str]:
    award = told.row.award_fen
    return [
        _("Both sides see the contract here from now on."),
        _(
            "The amount may not exceed the award of %(amount)s yuan.",
            amount=yuan(award),
        )
        if award is not None
        else "",
        _("The amount is bound in your department's budget; the rest of the reservation is freed.")
        if told.pays
        else _("Your enterprise pays by this contract."),
    ]


def _start(told: _Told) -> list[str]:
    return [
        _("The institution's clock starts today; the day of start is not counted."),
        _("It has to deliver by %(day)s, pauses not counted.", day=told.work_by),
    ]


def _deliver(told: _Told) -> list[str]:
    return [
        _("The client is told and answers by %(day)s.", day=told.answer_by),
        _("Your clock stands until then."),
    ]


def _accept(told: _Told) -> list[str]:
    return [
        _("The institution's clock ends with the day on which it delivered."),
        _("You are asked to rate the service on five criteria."),
        _("Payments out of the budget can be proposed from now on.") if told.pays else "",
    ]


def _return(_told: _Told) -> list[str]:
    return [
        _("The institution is told, and its clock runs on."),
        _("The return is counted with its reasons in the annual assessment."),
    ]


def _pause(_told: _Told) -> list[str]:
    return [
        _("The clock stands from this moment on, never from an earlier one."),
        _("The other side is told at once, with your reasons and the evidence."),
    ]


def _resume(_told: _Told) -> list[str]:
    return [_("The clock runs again from this moment on, with a new due day.")]


def _terminate(told: _Told) -> list[str]:
    freed = _("The item of the project is free again, and can be commissioned anew.")
    money = _("What the budget still holds for it goes back to the line.") if told.pays else ""
    return [_("The work ends; the other side is told, with your reasons."), freed, money]


_EFFECTS: dict[str, Callable[[_Told], list[str]]] = {
    "take-on": _take_on,
    "decline": _decline,
    "cancel": _cancel,
    "contract": _contract,
    "start": _start,
    "deliver": _deliver,
    "accept": _accept,
    "return": _return,
    "pause": _pause,
    "resume": _resume,
    "terminate": _terminate,
}
