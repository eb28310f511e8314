"""The blueprint of assessments, and what its pages say: bars of a score, steps of a year."""

from decimal import Decimal

from flask import Blueprint
from flask_babel import gettext as _

from marketplace.assessments.queries.sheets import Sheet
from marketplace.assessments.rules import CYCLE_STEPS, PASSING, CycleState, shown
from marketplace.assessments.wording import assessment_tone, grade_tone
from marketplace.kernel.errors import NotFound
from marketplace.kernel.identifiers import is_public_id
from marketplace.web.wording import label

bp = Blueprint("assessments", __name__)

bp.add_app_template_filter(grade_tone, "grade_tone")


@bp.app_template_filter("score_number")
def score_number(value: Decimal | str) -> str:
    """Points and means with at most four decimals and no zeros that say nothing."""
    return shown(Decimal(value))


@bp.context_processor
def _words() -> dict[str, object]:
    return {"assessment_tone": assessment_tone}


def known_id(key: str) -> str:
    """A public id as an address carries it; anything else is no record."""
    if not is_public_id(key):
        raise NotFound
    return key


def bars(sheet: Sheet) -> list[dict[str, object]]:
    """The parts for the macro of bars, each with its arithmetic."""
    if sheet.score is None:
        return []
    return [
        {
            "text": label(f"score_part.{one.part}"),
            "value": one.points,
            "full": one.full,
            "note": one.arithmetic or _("No facts in this year."),
        }
        for one in sheet.score.parts
    ]


def steps(state: CycleState) -> list[dict[str, str]]:
    """The life of a cycle as a line of steps; what the worker does only while it does it."""
    order = list(CYCLE_STEPS)
    at = order.index(state)
    last = state is CycleState.FINAL

    def status(place: int) -> str:
        if place < at or (last and place == at):
            return "done"
        return "current" if place == at else "todo"

    return [
        {"text": label(f"cycle_state.{one}"), "status": status(place)}
        for place, one in enumerate(order)
        if one not in PASSING or one is state
    ]
