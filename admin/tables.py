"""Read-only lists of a table: searched, sorted and paged by Flask-Admin, with no way to write."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from flask import g, request
from flask_admin.contrib.sqla import ModelView
from flask_admin.form import BaseForm
from flask_admin.model.base import ViewArgs
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy import ColumnElement, and_, true

from admin.access import Guarded
from marketplace.infra.database import db
from marketplace.infra.lists import holds

_LONGEST_SEARCH = 80
_LAST_PAGE = 100_000


def page_number() -> int:
    """The page asked for by `?page=`, from 1."""
    return min(max(request.args.get("page", 1, type=int), 1), _LAST_PAGE)


def linked(text: object, url: str) -> Markup:
    """A link for a cell; the plain text where there is no address."""
    return Markup('<a href="{}">{}</a>').format(url, text) if url else Markup("{}").format(text)


def looked_up() -> Any:
    """What the table in this request looked up for the cells of its page."""
    return g.looked_up


class Table(Guarded, ModelView):
    """A list of rows of `rows_of`, with no way to write but the `pages` that a part adds itself.

    `new_page` is the one of them that adds something, with what its button says.
    """

    rows_of: ClassVar[type]
    pages: ClassVar[frozenset[str]] = frozenset()
    new_page: ClassVar[tuple[str, LazyString] | None] = None
    nothing_yet: ClassVar[LazyString] = _("Entries appear here by themselves.")
    can_create = can_edit = can_delete = can_view_details = False
    can_set_page_size = False
    page_size = 50
    list_template = "admin/model/list.html"
    # What Flask-Admin found to publish: address, method, verbs.
    _urls: list[tuple[str, str, Sequence[str]]]
    form = BaseForm  # never shown; spares Flask-Admin making one from the columns

    def __init__(self) -> None:
        super().__init__(self.rows_of, db, **self.place())

    def create_blueprint(self, admin: Any) -> Any:
        """Leave out the addresses for creating, editing, deleting and the like."""
        self._urls = [one for one in self._urls if one[1] in {"index_view", *self.pages}]
        return super().create_blueprint(admin)

    def shown(self) -> ColumnElement[bool]:
        """Which rows the list is of."""
        return true()

    def get_query(self) -> Any:
        """The rows that the list is of."""
        return super().get_query().filter(self.shown())

    def get_count_query(self) -> Any:
        """How many they are."""
        return super().get_count_query().filter(self.shown())

    def get_list(self, *args: Any, **kwargs: Any) -> tuple[int, Sequence[Any]]:
        """The rows of a page, with what their cells need looked up at once."""
        count, rows = super().get_list(*args, **kwargs)
        g.looked_up = self.look_up(rows)
        return count, rows

    def look_up(self, _rows: Sequence[Any]) -> Any:
        """Read what the cells of these rows need beside the rows; `looked_up` gives it back."""

    def _apply_search(self, query: Any, count: Any, *joins: Any) -> Any:
        """Find the rows that hold every word; `%` and `_` in a word mean themselves."""
        *joined, text = joins
        clause = and_(*map(self.holding, text.split()))
        return query.filter(clause), count.filter(clause), *joined

    def holding(self, word: str) -> ColumnElement[bool]:
        """The condition for rows that hold this word."""
        names: Iterable[str] = self.column_searchable_list
        return holds((getattr(self.rows_of, name) for name in names), word)

    def get_list_value(self, row: Any, name: str) -> Any:
        """What a cell shows: what `show_<column>` says, else the value itself."""
        show = getattr(self, f"show_{name}", None)
        return show(row) if show else getattr(row, name)

    def _get_list_extra_args(self) -> ViewArgs:
        """Understand the addresses of this site: `?page=2&sort=-name&q=...`."""
        asked = request.args.get("sort", "")
        names = [name for name, _label in self._list_columns]
        key = asked.removeprefix("-")
        return ViewArgs(
            page=page_number() - 1,
            sort=names.index(key) if key in names and key in self._sortable_columns else None,
            sort_desc=asked.startswith("-"),
            search=request.args.get("q", "").strip()[:_LONGEST_SEARCH],
        )
