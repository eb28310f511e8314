"""Reference tables that come with the product: read here, changed by a release only."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup

from admin.tables import Table, looked_up
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.models import (
    DepartmentName,
    Region,
    Stage,
)
from marketplace.web.context import language, reading_session
from marketplace.web.wording import label

GROUP = "reference"


def english(text: str) -> Markup:
    """English words on a page of another language, marked as such."""
    return Markup('<span lang="en">{}</span>').format(text)


def listed(parts: Sequence[str]) -> str:
    """Several things in one cell."""
    return str(gettext(", ")).join(parts)


class Named(Table):
    """Rows with a Chinese name and an English one."""

    def show_name_en(self, row: Any) -> Markup:
        """The English name."""
        return english(row.name_en)


class Stages(Named):
    """The stages of a project."""

    rows_of, group, address = Stage, GROUP, "stages"
    title = _("Stages")
    purpose = _("The five stages of an investment project and the departments that lead them.")
    column_list = ("code", "name", "name_en", "lead")
    column_labels = {
        "code": _("Code"),
        "name": _("Name"),
        "name_en": _("English name"),
        "lead": _("Leading departments"),
    }
    column_sortable_list = ("code",)
    column_default_sort = "position"

    def show_lead(self, row: Stage) -> str:
        """The leading departments."""
        return listed(row.lead)


class Departments(Named):
    """Departments by their names of 2018 and of today."""

    rows_of, group, address = DepartmentName, GROUP, "departments"
    title = _("Department names")
    purpose = _("What each approval department was called in 2018 and is called now.")
    column_list = ("name_2018", "name", "name_en")
    column_labels = {
        "name_2018": _("Name in 2018"),
        "name": _("Present name"),
        "name_en": _("English name"),
    }
    column_sortable_list = ("name_2018", "name")
    column_searchable_list = ("name_2018", "name", "name_en")
    column_default_sort = "id"


class Regions(Named):
    """The regions of the province."""

    rows_of, group, address = Region, GROUP, "regions"
    title = _("Regions")
    purpose = _("The regions of the province; a code that was replaced leads to its successor.")
    column_list = ("code", "name", "name_en", "level", "parent", "state")
    column_labels = {
        "code": _("Code"),
        "name": _("Name"),
        "name_en": _("English name"),
        "level": _("Level"),
        "parent": _("Part of"),
        "state": _("State"),
    }
    column_sortable_list = ("code", "level")
    column_searchable_list = ("code", "name", "name_en")
    column_default_sort = "code"
    page_size = 100

    def look_up(self, _rows: Sequence[Region]) -> Any:
        """The tree of all regions."""
        return catalogue.regions(reading_session())

    def show_level(self, row: Region) -> str:
        """Province, prefecture, county and so on."""
        return label(f"region_level.{row.level}")

    def show_parent(self, row: Region) -> str:
        """The region it lies in."""
        return str(looked_up().name(row.parent_code, language())) if row.parent_code else ""

    def show_state(self, row: Region) -> str:
        """Whether the code is in force."""
        if row.is_current:
            return str(gettext("In force"))
        return str(gettext("Replaced by %(code)s", code=row.successor_code))
