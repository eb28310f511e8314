"""The desk of a supervisor: the board of lights in short."""

from datetime import datetime
from functools import partial

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.desks.views.parts.shapes import Desk, Figure, Job, More
from marketplace.kernel.actors import Actor
from marketplace.kernel.times import local_date
from marketplace.supervision import queries as supervision
from marketplace.supervision.rules import PLATFORM
from marketplace.web.wording import label

# The board, narrowed by its filters.
_board = partial(url_for, "supervision.board")


def supervision_desk(session: Session, actor: Actor, now: datetime) -> Desk:
    found = supervision.summary(session, actor.organisation_id or 0, local_date(now))
    jobs = tuple(
        Job(
            _(
                "%(organisation)s: %(count)s red lights",
                organisation=owing.name or label("supervision.platform"),
                count=owing.red,
            ),
            url_for("supervision.organisation", organisation_id=owing.public_id or PLATFORM),
            "red",
            owing.oldest,
        )
        for owing in found.worst
    )
    figures = (
        Figure(found.red, _("Red lights"), _board(light="red"), "red" if found.red else ""),
        Figure(found.yellow, _("Yellow lights"), _board(light="yellow"), _lit(found.yellow)),
        Figure(found.organisations, _("Organisations with lights"), _board()),
    )
    if found.late > len(jobs):
        left = More(found.late - len(jobs), _("Board of lights"), _board(light="red"), len(jobs))
        return Desk(jobs, figures, (left,))
    return Desk(jobs, figures)


def _lit(count: int) -> str:
    return "yellow" if count else ""
