"""What everybody may read: the grades of a year, preliminary or final, with their parts."""

from flask.typing import ResponseReturnValue

from marketplace.assessments import queries
from marketplace.assessments.rules import PUBLIC_CYCLES
from marketplace.assessments.views import presenting
from marketplace.assessments.views.blueprint import bp, known_id
from marketplace.kernel.errors import NotFound
from marketplace.web.context import reading_session
from marketplace.web.submit import page


@bp.get("/grades")
def published() -> ResponseReturnValue:
    """The years whose grades are public."""
    return page("assessments/published.html", rows=queries.public_cycles(reading_session()))


@bp.get("/grades/<cycle_id>")
def published_cycle(cycle_id: str) -> ResponseReturnValue:
    """Every listing of a year with its points and its grade."""
    loaded = queries.cycle(reading_session(), known_id(cycle_id))
    if loaded.state not in PUBLIC_CYCLES:
        raise NotFound
    rows = queries.table(reading_session(), loaded.id)
    return page("assessments/published_cycle.html", cycle=loaded, rows=rows)


@bp.get("/grades/sheets/<assessment_id>")
def published_sheet(assessment_id: str) -> ResponseReturnValue:
    """One listing's parts with their arithmetic: anybody can reckon the score anew."""
    loaded = queries.sheet(reading_session(), known_id(assessment_id))
    if loaded.cycle.state not in PUBLIC_CYCLES:
        raise NotFound
    return page("assessments/published_sheet.html", sheet=loaded, bars=presenting.bars(loaded))
