"""A competition as its pages say it: facts, steps, bids, prices with their arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from marketplace.accounts import queries as accounts
from marketplace.budgets import queries as budgets
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.forms import region_text
from marketplace.competitions import wording
from marketplace.competitions.queries import reading, rows, sealed
from marketplace.competitions.rules import CompetitionState, Method
from marketplace.kernel.times import local_date
from marketplace.projects import queries as projects
from marketplace.web.context import reading_session
from marketplace.web.wording import label
from marketplace.web.words import day, local_name, moment, yuan

_S = CompetitionState
_LINE = (
    _S.PUBLISHED,
    _S.CLOSED,
    _S.OPENED,
    _S.EVALUATED,
    _S.AWARD_PUBLISHED,
    _S.AWARDED,
    _S.CONCLUDED,
)
_INSIDE = (_S.DRAFT, _S.PROPOSED)
# Steps that have no place of their own on the line.
_SHOWN_AT = {_S.OPENING_REQUESTED: _S.CLOSED}


@dataclass(frozen=True)
class ScoreCell:
    """Points for one criterion with the arithmetic behind them."""

    points: str
    how: str


@dataclass(frozen=True)
class BidLine:
    """A bid with its points, in the order of the criteria."""

    bid: rows.OpenedBid
    cells: tuple[ScoreCell, ...]


def steps(row: rows.CompetitionRow, *, inside: bool) -> list[dict[str, str]]:
    """The life of a competition as a step line; the public does not see what came before."""
    line = (*_INSIDE, *_LINE) if inside else _LINE
    if row.state in {_S.FAILED, _S.CANCELLED}:
        return [*_done_before(row, line), _ended(row)]
    place = line.index(_SHOWN_AT.get(row.state, row.state))
    made = [
        {
            "text": wording.state_text(state),
            "status": "done" if index < place else "current" if index == place else "todo",
            "note": day(_reached(row).get(state)),
        }
        for index, state in enumerate(line)
    ]
    if row.state is _S.CONCLUDED:
        made[-1]["status"] = "done"
    if row.state is _S.OPENING_REQUESTED:
        made[place]["note"] = wording.state_text(row.state)
    return made


def _reached(row: rows.CompetitionRow) -> dict[CompetitionState, datetime | None]:
    """When each step was taken that the line dates."""
    return {
        _S.PUBLISHED: row.published_at,
        _S.CLOSED: row.closed_at,
        _S.OPENED: row.opened_at,
        _S.EVALUATED: row.evaluated_at,
    }


def _done_before(
    row: rows.CompetitionRow, line: Sequence[CompetitionState]
) -> list[dict[str, str]]:
    reached = _reached(row)
    return [
        {"text": wording.state_text(state), "status": "done", "note": day(reached[state])}
        for state in line
        if reached.get(state) is not None
    ]


def _ended(row: rows.CompetitionRow) -> dict[str, str]:
    return {"text": wording.state_text(row.state), "status": "bad", "note": day(row.ended_at)}


def public_facts(row: rows.CompetitionRow) -> list[dict[str, Any]]:
    """What everybody reads of a notice."""
    session = reading_session()
    department = accounts.organisation(session, row.department_id)
    project = projects.project(session, row.project_id)
    item = catalogue.item_version(session, row.item_version_id)
    return [
        _fact(_("Commissioned and paid by"), department.name),
        _fact(_("Project"), project.name, project.code),
        _fact(_("Listed item"), f"{item.code} {local_name(item)}"),
        _fact(_("Region"), region_text(row.region_code)),
        _fact(_("Method"), method_text(row)),
        _fact(_("Estimated amount"), _("%(amount)s yuan", amount=yuan(row.ceiling_fen))),
        _fact(_("Sign-up closes"), moment(row.closes_at)),
        _fact(
            _("Fewest entrants"),
            str(reading.fewest_entrants(session, row, _day_of(row))),
            _("With fewer, the competition fails and no bid is opened."),
        ),
    ]


def _day_of(row: rows.CompetitionRow) -> date:
    return local_date(row.published_at or row.state_since)


def method_text(row: rows.CompetitionRow) -> str:
    """The method; merit is said where two entrants are enough."""
    words = label(f"competition_method.{row.method}")
    return _("%(method)s, merit on a re-run", method=words) if row.merit else words


def inner_facts(row: rows.CompetitionRow) -> list[dict[str, Any]]:
    """What the department reads beside: money, people, the other way to it."""
    session = reading_session()
    line = budgets.line(session, row.budget_line_id)
    hold = budgets.hold_of(session, "competition", row.id)
    asked = (
        (_("Drafted by"), row.drafted_by),
        (_("Proposed by"), row.proposed_by),
        (_("Published by"), row.published_by),
        (_("Opening requested by"), row.opening_requested_by),
        (_("Opening confirmed by"), row.opened_by),
        (_("Evaluated by"), row.evaluated_by),
    )
    names = accounts.people(session, {key for _text, key in asked if key is not None})
    said = [
        _fact(_("Budget line"), f"{line.fiscal_year} {line.name}"),
        _fact(
            _("Reserved"),
            _("%(amount)s yuan", amount=yuan(hold.reserved_fen))
            if hold is not None and hold.active
            else _("Nothing is reserved"),
        ),
    ]
    return said + [_fact(text, names.get(key, "")) for text, key in asked if key is not None]


def _fact(name: str, value: str, note: str = "") -> dict[str, Any]:
    return {"label": name, "value": value, "note": note}


# ------------------------------------------------------------------ bids


def bid_lines(
    row: rows.CompetitionRow, criteria: Sequence[rows.CriterionRow]
) -> tuple[BidLine, ...]:
    """The opened bids with their points; nothing before the opening."""
    session = reading_session()
    bids = sealed.opened_bids(session, row.id)
    scores = sealed.scores(session, [bid.id for bid in bids])
    valid = [bid.price_fen for bid in bids if bid.rank is not None]
    lowest = min(valid, default=0)
    if row.method is Method.LOWEST_PRICE:
        return tuple(BidLine(bid, ()) for bid in bids)
    return tuple(
        BidLine(
            bid, tuple(_cell(bid, one, scores.get((bid.id, one.id)), lowest) for one in criteria)
        )
        for bid in bids
    )


def _cell(
    bid: rows.OpenedBid, one: rows.CriterionRow, score: rows.ScoreRow | None, lowest: int
) -> ScoreCell:
    if score is None:
        return ScoreCell("", "")
    if score.points is None:
        return ScoreCell("", _("mark %(mark)s", mark=score.mark))
    if one.is_price:
        how = f"{one.weight} × {yuan(lowest)} ÷ {yuan(bid.price_fen)}"
    else:
        how = f"{one.weight} × {score.mark} ÷ 100"
    return ScoreCell(str(score.points), how)


def criterion_name(one: rows.CriterionRow) -> str:
    """The price in the language of the page, other criteria as they were published."""
    return _("Bid price") if one.is_price else one.name


def bid_note(bid: rows.OpenedBid) -> str:
    """Why a bid is out, or what is still open about its price."""
    if bid.cause:
        return label(f"bid_cause.{bid.cause}")
    if not bid.low_priced:
        return ""
    if bid.justified_at is None:
        words = _("Very low price: to be explained by %(day)s", day=day(bid.justify_by))
    elif bid.justification_accepted is None:
        words = _("Very low price: explained, to be judged")
    else:
        words = _("Very low price: explanation accepted")
    return str(words)
