"""Draws `docs/events.md` from the news of the features: who records what, and who hears of it."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from flask_babel import force_locale

from marketplace.infra.outbox.news import News, Silent, all_news
from marketplace.infra.unit_of_work import subscribers_of
from marketplace.settings import ROOT

PAGE = ROOT / "docs" / "events.md"
_HEAD = (
    "# Events: who records them, who hears of them\n\n"
    "Drawn by `flask docs events` from the news and the handlers of the features; do not edit."
    " `bin/test` checks that this page is up to date.\n\n"
    "“People” says whether somebody finds a message in their box; “others” are the subscribers that"
    " act on the event, by the names under which they stand in the outbox.\n"
)
_TABLE = "| event | history | people | others |\n|---|---|---|---|"
# They hear of what the people's column says already.
_MESSENGERS = {"notify", "mail"}


def render() -> str:
    """The whole page; needs an application, whose features have told their news."""
    rows = sorted(all_news(), key=lambda row: (_feature(row), row.event.KIND))
    with force_locale("en"):
        return "\n".join([_HEAD, *_sections(rows)])


def _feature(row: News) -> str:
    name = row.event.__module__.split(".")[1]
    return "the platform itself" if name == "infra" else name


def _sections(rows: list[News]) -> Iterator[str]:
    for feature, told in groupby(rows, _feature):
        yield "\n".join([f"## {feature}", "", _TABLE, *map(_line, told), ""])


def _line(row: News) -> str:
    kind = row.event.KIND
    others = [name for name in subscribers_of(kind) if name not in _MESSENGERS]
    board = "" if isinstance(row.notice, Silent) else f" ({row.notice})"
    named = ", ".join(f"{name}{board if name == 'notice-board' else ''}" for name in others)
    people = "told" if row.to else f"no: {row.because}"
    return f"| `{kind}` | {row.history} | {people} | {named or 'none'} |"


def write(page: Path = PAGE) -> None:
    """Write the page."""
    page.write_text(render(), "utf-8")


def is_current(page: Path = PAGE) -> bool:
    """Whether the page says what the features do."""
    return page.exists() and page.read_text("utf-8") == render()
