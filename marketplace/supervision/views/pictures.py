"""The pictures of the board of lights: by week, by kind of record, by prefecture."""

from dataclasses import dataclass
from datetime import date

from flask import url_for
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.supervision.queries import Board, Lights
from marketplace.web.context import language
from marketplace.web.wording import label
from marketplace.web.words import local_name

# Weeks shown one by one; those before them stand together in the first column.
WEEKS = 10

# About where each prefecture lies in the province, (column, line) from the north-west on;
# what has its rank and no place here, and the province itself, follow below.
_PLACES = {
    "220800": (0, 0),
    "220700": (1, 1),
    "220100": (2, 1),
    "220200": (3, 1),
    "222400": (4, 1),
    "X-CBS": (4, 3),
    "220300": (1, 2),
    "220400": (2, 2),
    "220500": (3, 2),
    "220600": (4, 2),
}
_ACROSS = 1 + max(column for column, _line in _PLACES.values())
_BELOW = max(line for _column, line in _PLACES.values())


@dataclass(frozen=True)
class Shown:
    """One thing of a picture: its words, its red and yellow lights, where it leads."""

    text: str
    numbers: tuple[int, int]
    url: str = ""
    column: int = 0
    line: int = 0
    short: str = ""


@dataclass(frozen=True)
class Pictures:
    """What the board shows at a glance; each empty without lights."""

    weeks: tuple[Shown, ...]
    kinds: tuple[Shown, ...]
    places: tuple[Shown, ...]


def board_pictures(session: Session, board: Board) -> Pictures:
    """The figures of the board as the macros of charts take them."""
    if not board.red + board.yellow:
        return Pictures((), (), ())
    kinds = (
        Shown(
            label(f"waiting.{one.of}"),
            (one.red, one.yellow),
            url_for("supervision.board", kind=one.of),
        )
        for one in board.by_kind
    )
    return Pictures(_weeks(board.by_week), tuple(kinds), _tiles(session, board.by_region))


def _weeks(weeks: tuple[Lights[date], ...]) -> tuple[Shown, ...]:
    late, shown = weeks[:-WEEKS], weeks[-WEEKS:]
    before = (sum(one.red for one in late), sum(one.yellow for one in late))
    columns = tuple(Shown(f"{one.of:%m-%d}", (one.red, one.yellow)) for one in shown)
    return (Shown(label("supervision.earlier"), before), *columns) if late else columns


def _tiles(session: Session, regions: tuple[Lights[str], ...]) -> tuple[Shown, ...]:
    tree = catalogue.regions(session)
    below = [one.of for one in regions if one.of not in _PLACES]
    places = _PLACES | {
        code: (at % _ACROSS, _BELOW + at // _ACROSS) for at, code in enumerate(below)
    }
    return tuple(
        Shown(
            label("supervision.province") if one.of == tree.root.code else local_name(row),
            (one.red, one.yellow),
            url_for("supervision.board", region=one.of),
            *places[one.of],
            # The characters or the word by which everybody calls a prefecture.
            (
                row.name_en.split()[0]
                if language() == "en"
                else row.name[: 2 if row.level == "prefecture" else 3]
            )
            if one.of in _PLACES
            else "",
        )
        for one in regions
        if (row := tree.get(one.of))
    )
