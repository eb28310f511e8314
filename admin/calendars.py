"""The working calendar: what is known of each year, and importing a year as announced."""

import codecs
import hashlib
from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, StopValidation

from admin.access import Section
from admin.rehearsal import rehearse
from marketplace.catalogue import services
from marketplace.catalogue.queries import reference
from marketplace.catalogue.wording import holiday_name
from marketplace.clocks.handlers import recounting
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import local_date
from marketplace.web.context import reading_session, request_time
from marketplace.web.forms import Form
from marketplace.web.submit import submit

_MOST_BYTES = 100_000


class CalendarForm(Form):
    """A year's special days as CSV, pasted or from a file."""

    previewed = HiddenField()
    year = IntegerField(_("Year"), [InputRequired(_("Enter the year as four digits."))])
    notice = StringField(
        _("Number of the notice"),
        [
            InputRequired(_("Enter the number of the notice that announced the holidays.")),
            Length(max=80),
        ],
        description=_("The announcement of the State Council, for example 国办发明电〔2026〕7号."),
    )
    upload = FileField(_("File"), [Optional()])
    file = TextAreaField(
        _("Table of days"),
        [Optional()],
        description=_(
            "One line for each day that differs from the ordinary week, under a first line with "
            "the names of the columns, as in the example: 1 for a working day, 0 for a day off."
        ),
    )

    def validate_upload(self, field: FileField) -> None:
        """Take the text of the file over into the field where it can be read and mended."""
        if isinstance(field.data, FileStorage) and field.data.filename:
            self.file.data = _text_of(field.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Days must come one way or the other."""
        valid = super().validate(extra_validators)
        if not self.upload.errors and not (self.file.data or "").strip():
            self.file.errors = [*self.file.errors, gettext("Paste the days or choose a file.")]
            return False
        return bool(valid)

    def mark(self) -> str:
        """A short mark of what would be imported, to know whether it was shown before."""
        text = f"{self.year.data}\n{''.join((self.file.data or '').split())}"
        return hashlib.sha256(text.encode()).hexdigest()[:24]


def _text_of(storage: FileStorage) -> str:
    data = storage.stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise StopValidation(gettext("This file is too large for one year of days."))
    # What a spreadsheet calls Unicode text begins with the mark of UTF-16.
    utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if utf_16 else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise StopValidation(gettext("This is not a text file. Save the table as CSV."))


class Calendars(Section):
    """The years, the days of one, and the import with a preview of what it changes."""

    group, address = "policy", "calendar"
    title = _("Working calendar")
    purpose = _("By which days every time limit is counted, and what is known of each year.")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The years, latest first."""
        session = reading_session()
        return self.page(
            "admin/calendar.html",
            years=reference.calendar_years(session),
            recounting=recounting(session),
        )

    @expose("/<int:year>")
    def year(self, year: int) -> ResponseReturnValue:
        """The special days of a year."""
        session = reading_session()
        for row in reference.calendar_years(session):
            if row.year == year:
                days = reference.calendar_days(session, year)
                return self.page(
                    "admin/calendar_year.html", row=row, days=days, holiday_name=holiday_name
                )
        raise NotFound

    @expose("/import", methods=("GET", "POST"))
    def bring_in(self) -> ResponseReturnValue:
        """Show what the days would change; put them in force when that was confirmed."""
        form = CalendarForm(suggested={"year": local_date(request_time()).year + 1})

        def work(uow: UnitOfWork) -> str:
            services.import_calendar_year(
                uow, year=form.year.data, text=form.file.data, notice=form.notice.data
            )
            return url_for(".year", year=form.year.data)

        if "confirm" in request.form and form.previewed.data == form.mark():
            done = gettext(
                "The year is in force. Due dates are counted anew; the list of years shows how far."
            )
            answer = submit(form, work, done=done)
            if answer is not None:
                return answer
        changes = None if form.refused_code else _preview(form, work)
        return self.page("admin/calendar_import.html", form=form, changes=changes)


def _preview(form: CalendarForm, work: Callable[[UnitOfWork], str]) -> dict[str, Any] | None:
    """What the import would record; None when there is nothing to show."""
    if not form.is_submitted() or not form.validate():
        return None
    try:
        changes = rehearse(work, "calendar_year")
    except Refused as refusal:
        form.refuse(refusal)
        return None
    form.previewed.data = form.mark()
    return changes
