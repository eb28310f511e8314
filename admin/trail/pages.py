"""The pages of the event trail: the list with its filter, one event, the workbook."""

import json
from collections.abc import Iterable
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from admin.access import Section
from admin.trail import reading
from admin.trail.fields import FIELDS
from admin.trail.reading import Entry, public_id
from marketplace.kernel.actors import Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.events import known_kinds
from marketplace.web import sheets
from marketplace.web.context import reading_session
from marketplace.web.fields import DateField
from marketplace.web.sheets import download
from marketplace.web.wording import event_text, label


def workbook(entries: Iterable[Entry]) -> bytes:
    """The events as an .xlsx file, one a line."""
    columns = [
        sheets.Head(gettext("Event"), 10),
        sheets.Head(gettext("When"), 18),
        sheets.Head(gettext("What happened"), 36),
        sheets.Head(gettext("About"), 20),
        sheets.Head(gettext("Number"), 12),
        sheets.Head(gettext("Who"), 16),
        sheets.Head(gettext("Acting for"), 28),
        sheets.Head(gettext("Details"), 60),
    ]
    return sheets.workbook(gettext("Event trail"), columns, map(_cells, entries))


def _cells(entry: Entry) -> list[sheets.Cell]:
    return [
        entry.id,
        entry.occurred_at,
        event_text(entry.kind),
        label(f"subject.{entry.subject_kind}"),
        entry.subject_id,
        entry.actor or str(gettext("The platform or a visitor")),
        entry.organisation,
        json.dumps(entry.payload, ensure_ascii=False),
    ]


_LAST = 2**31 - 1


class TrailFilter(Form):
    """What to look for, read from the address line."""

    kind = SelectField(_("What happened"), [Optional()])
    subject_kind = SelectField(_("About"), [Optional()])
    subject = StringField(
        _("Which one"), [Optional(), Length(max=20)], description=_("Its number or public id.")
    )
    by = SelectField(_("Done by"), [Optional()])
    actor = StringField(
        _("Person"), [Optional(), Length(max=254)], description=_("A name or an e-mail address.")
    )
    since = DateField(_("From"), [Optional()])
    until = DateField(_("Until"), [Optional()])

    def __init__(self, formdata: MultiDict[str, str]) -> None:
        super().__init__(formdata)
        kinds = known_kinds()
        subjects = {event.SUBJECT for event in kinds.values()}
        self.kind.choices = _choices({kind: event_text(kind) for kind in kinds})
        self.subject_kind.choices = _choices({one: label(f"subject.{one}") for one in subjects})
        self.by.choices = [
            SelectChoice("", gettext("Anyone")),
            SelectChoice("person", gettext("A person signed in")),
            SelectChoice("platform", gettext("The platform or a visitor")),
        ]

    def asked(self) -> reading.Asked:
        """The filter as a value; what cannot be understood counts as not asked for."""
        good = {
            name: "" if field.errors else field.data or "" for name, field in self._fields.items()
        }
        return reading.Asked(
            kind=good["kind"],
            subject_kind=good["subject_kind"],
            subject=good["subject"].strip(),
            by=good["by"],
            actor=good["actor"].strip(),
            since=self.since.parsed if good["since"] else None,
            until=self.until.parsed if good["until"] else None,
        )


def _choices(words: dict[str, str]) -> list[SelectChoice]:
    ordered = sorted(words.items(), key=lambda one: one[1])
    return [SelectChoice("", gettext("Any")), *(SelectChoice(*one) for one in ordered)]


class Trail(Section):
    """Everything that was ever recorded; nothing here can be changed."""

    roles = (Role.AUDIT_ADMIN,)
    group, address = "records", "trail"
    title = _("Event trail")
    purpose = _("Everything that happened: who did what, when and to what. It is never changed.")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The events that match, newest first."""
        form = TrailFilter(request.args)
        form.validate()
        shown = reading.page(
            reading_session(), form.asked(), before=_key("before"), after=_key("after")
        )
        return self.page("admin/trail.html", filter=form, shown=shown, narrowed=_narrowed(form))

    @expose("/<int(max=2147483647):number>")
    def event(self, number: int) -> ResponseReturnValue:
        """One event with all it says."""
        session = reading_session()
        found = reading.entry(session, number)
        if found is None:
            raise NotFound
        return self.page(
            "admin/event.html",
            event=found,
            fields=FIELDS,
            public_id=public_id(session, found.subject_kind, found.subject_id),
            same_subject=url_for(
                ".index", subject_kind=found.subject_kind, subject=found.subject_id
            ),
        )

    @expose("/export.xlsx")
    def export(self) -> ResponseReturnValue:
        """What the filter shows, as a workbook."""
        form = TrailFilter(request.args)
        form.validate()
        return download(workbook(reading.all_entries(reading_session(), form.asked())), "events")


def _key(name: str) -> int | None:
    """The event from which a page begins, by its key."""
    number: int | None = request.args.get(name, type=int)
    return None if number is None else min(max(number, 0), _LAST)


def _narrowed(form: TrailFilter) -> dict[str, Any]:
    """The parameters of the filter that are set, for the addresses of export and pages."""
    return {name: field.data for name, field in form._fields.items() if field.data}
