"""Quotations side by side, and the history of a round in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from marketplace.catalogue.wording import limit_text
from marketplace.infra.files import FileRow
from marketplace.kernel.workdays import Limit
from marketplace.quotations.queries.rows import AnswerRow, QuotationRow, RoundPage
from marketplace.ratings import queries as ratings
from marketplace.ratings.rules import shown
from marketplace.web.time_line import Entry, person_or_platform
from marketplace.web.time_line import time_line as history_of
from marketplace.web.words import moment, yuan


@dataclass(frozen=True)
class Line:
    """One fact of every quotation; `best` is the place of the single best one."""

    label: str
    values: tuple[object, ...]
    number: bool = False
    best: int | None = None


@dataclass(frozen=True)
class Comparison:
    """Those that answered, and the lines of the table."""

    answers: tuple[AnswerRow, ...]
    lines: tuple[Line, ...]


def comparison(session: Session, page: RoundPage) -> Comparison:
    """Compare the answers of a closed round; empty while it is open."""
    answers = tuple(one for one in page.answers if one.answer is not None)
    if not answers:
        return Comparison((), ())
    unit = page.round.limit.unit
    given = [one.answer for one in answers if one.answer is not None]
    rated = ratings.rating_counts(session, [one.listing.id for one in answers])
    found = [rated.get(one.listing.id, ratings.NO_RATINGS) for one in answers]
    prices, days = [one.price_fen for one in given], [one.days for one in given]
    lines = (
        Line(_("Price (yuan)"), tuple(yuan(one) for one in prices), True, _least(prices)),
        Line(_("Days quoted"), tuple(limit_text(Limit(d, unit)) for d in days), True, _least(days)),
        Line(_("What the price includes"), tuple(one.words for one in given)),
        Line(_("Conditions"), tuple(one.conditions for one in given)),
        Line(_("File"), tuple(_files(one.files) for one in given)),
        Line(
            _("Days promised to everybody"),
            tuple(
                limit_text(Limit(one.terms.promised_days, unit)) if one.terms else ""
                for one in answers
            ),
        ),
        Line(_("Grade of the last assessment"), tuple(_grade(one) for one in answers)),
        Line(
            _("Mean of its ratings"),
            tuple(shown(one.mean) for one in found),
            True,
            _most([one.mean for one in found]),
        ),
        Line(_("Number of ratings"), tuple(one.count for one in found), True),
        Line(_("Version and time"), tuple(_given(one) for one in given)),
    )
    return Comparison(answers, lines)


def _grade(answer: AnswerRow) -> str:
    return answer.listing.grade or str(_("Not yet graded"))


def _given(answer: QuotationRow) -> str:
    return str(
        _("Version %(number)s, %(when)s", number=answer.version, when=moment(answer.given_at))
    )


def _files(files: Sequence[FileRow]) -> Markup:
    """Links to the papers of a quotation."""
    link = Markup('<a href="{}">{}</a>')
    return Markup(" ").join(
        link.format(url_for("files.show", file_id=one.public_id), one.name) for one in files
    )


def _least(values: Sequence[int]) -> int | None:
    """The place of the single smallest value; None where there is no single one."""
    given = sorted(values)
    if len(given) < 2 or given[0] == given[1]:
        return None
    return list(values).index(given[0])


def _most(values: Sequence[Decimal | None]) -> int | None:
    """The place of the single largest value; None where there is no single one."""
    given = sorted(value for value in values if value is not None)
    if len(given) < 2 or given[-1] == given[-2]:
        return None
    return list(values).index(given[-1])


def time_line(page: RoundPage) -> list[dict[str, str]]:
    """What happened in a round, newest first; institutions by their names, without their people."""
    providers = {one.request_id: one.listing.name for one in page.answers}

    def who(one: Entry) -> str:
        return providers.get(one.payload.get("request_id") or 0) or person_or_platform(one)

    return history_of(page.history, inside=True, who=who)
