"""The faults that visitors reported."""

from flask_babel import lazy_gettext as _
from markupsafe import Markup

from admin.tables import Table
from marketplace.openness.models import FaultReport
from marketplace.web.words import moment


class Faults(Table):
    """What people could not do, in their own words, with how to reach them."""

    rows_of, group, address = FaultReport, "running", "faults"
    title = _("Fault reports")
    purpose = _("What people could not do on the site, in their own words, newest first.")
    nothing_yet = _("What visitors report at the foot of a page appears here.")
    column_list = ("reported_at", "words", "address", "contact")
    column_labels = {
        "reported_at": _("Reported"),
        "words": _("In their words"),
        "address": _("Page"),
        "contact": _("Contact"),
    }
    column_sortable_list = ("reported_at",)
    column_searchable_list = ("words", "address")
    column_default_sort = ("reported_at", True)

    def show_reported_at(self, row: FaultReport) -> str:
        """When."""
        return moment(row.reported_at)

    def show_words(self, row: FaultReport) -> Markup:
        """What they wrote, line by line."""
        return Markup('<span class="kept-lines">{}</span>').format(row.words)

    def show_address(self, row: FaultReport) -> Markup:
        """The page they were on, as text: whoever reported wrote it."""
        return Markup('<span class="code">{}</span>').format(row.address)
