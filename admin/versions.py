"""What is kept in dated versions, in words: what one says, and what each changed."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from marketplace.web.forms import Form

# Field, title, how it is said of a version; in the order of the page.
Facts: TypeAlias = tuple[tuple[str, LazyString, Callable[..., str]], ...]


def facts(table: Facts, row: Any, *about: Any) -> list[dict[str, str]]:
    """Everything about a version, as a list of facts shows it."""
    return [
        {
            "label": str(title),
            "value": says(row, *about),
            "lang": "en" if key.endswith("_en") else "",
        }
        for key, title, says in table
    ]


def history(
    table: Facts, versions: Sequence[Any], *about: Any
) -> list[tuple[Any, list[dict[str, str]]]]:
    """Each version but the first with what it changed, as a comparison shows it; last first."""
    changed = [(new, _differences(table, old, new, *about)) for old, new in pairwise(versions)]
    return changed[::-1]


def _differences(table: Facts, old: Any, new: Any, *about: Any) -> list[dict[str, str]]:
    rows = [(str(title), says(old, *about), says(new, *about)) for _key, title, says in table]
    return [{"label": title, "old": was, "new": now} for title, was, now in rows if was != now]


def plain(name: str) -> Callable[..., str]:
    """A fact that is said as it is kept."""
    return lambda row, *_about: str(getattr(row, name))


def standing(ended: object) -> str:
    """Whether something is offered, in words."""
    return str(gettext("Ended") if ended else gettext("In force"))


_REASON_NEEDED = _("Say by which document, or why.")


class ReasonForm(Form):
    """Why something is added, changed or ended; `version` is the one it was opened for."""

    version = HiddenField()
    reason = StringField(
        _("Document or reason"),
        [InputRequired(_REASON_NEEDED), Length(max=200)],
        description=_("The number of the document that says so, or why; kept with the version."),
    )

    @property
    def number(self) -> int:
        """The number of the version that the form goes on from; 0 for none."""
        written = self.version.data or ""
        return int(written) if written.isdecimal() else 0
