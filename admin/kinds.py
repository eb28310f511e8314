"""The kinds of qualification: their versions in words, adding, changing and ending one."""

from collections.abc import Iterable
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy import ColumnElement
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from admin.item_form import WRITE_NAME, LinesField, as_lines
from admin.reference import GROUP, Named, english, listed
from admin.tables import linked
from admin.versions import Facts, ReasonForm, facts, history, plain, standing
from marketplace.catalogue.models import QualificationKindVersion
from marketplace.catalogue.queries import kinds, reference
from marketplace.catalogue.queries.rows import KindRow, Term
from marketplace.catalogue.services import kinds as kind_services
from marketplace.catalogue.wording import need_text
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.web.context import language, reading_session
from marketplace.web.submit import submit
from marketplace.web.words import local_name


def _terms(terms: Iterable[Term]) -> str:
    return as_lines((one.name, one.name_en) for one in terms)


FACTS: Facts = (
    ("name", _("Name"), plain("name")),
    ("name_en", _("English name"), plain("name_en")),
    ("levels", _("Levels, highest first"), lambda row: _terms(row.levels)),
    ("specialties", _("Specialties"), lambda row: _terms(row.specialties)),
    ("state", _("State"), lambda row: standing(row.ended)),
)

_TERM_PARTS = _("name, English name")


class KindForm(ReasonForm):
    """What a version of a kind says."""

    name = StringField(_("Name"), [InputRequired(WRITE_NAME), Length(max=60)])
    name_en = StringField(_("English name"), [InputRequired(WRITE_NAME), Length(max=100)])
    levels = LinesField(
        _("Levels, highest first"),
        [Optional()],
        columns=2,
        parts=_TERM_PARTS,
        description=_(
            "One level a line, two parts with | between: name | English name. Whoever holds a "
            "level meets what asks for one below it. Leave it empty where there are no levels."
        ),
        example="甲级 | Grade A",
    )
    specialties = LinesField(
        _("Specialties"),
        [Optional()],
        columns=2,
        parts=_TERM_PARTS,
        description=_(
            "One specialty a line, two parts with | between: name | English name. Leave it empty "
            "where there are none."
        ),
        example="水文地质调查 | Hydrogeology",
    )

    def facts(self) -> dict[str, Any]:
        """What the form says, as the service takes it."""
        return {
            "name": self.name.data,
            "name_en": self.name_en.data,
            "levels": [list(row) for row in self.levels.rows],
            "specialties": [list(row) for row in self.specialties.rows],
        }


class NewKindForm(KindForm):
    """A kind that nobody knew yet."""

    code = StringField(
        _("Code"),
        [InputRequired(_("Write the code.")), Length(max=40)],
        description=_(
            "By this items ask for it; it stays for good. Small letters, digits and underscores."
        ),
    )


def _written(row: KindRow) -> dict[str, str]:
    """A version as the form shows it."""
    return {
        "version": str(row.number),
        "name": row.name,
        "name_en": row.name_en,
        "levels": _terms(row.levels),
        "specialties": _terms(row.specialties),
    }


class QualificationKinds(Named):
    """The list of kinds, one kind with its versions and who needs it, adding and changing one."""

    rows_of, group, address = QualificationKindVersion, GROUP, "qualification_kinds"
    pages = frozenset({"kind", "new", "new_version", "end"})
    new_page = ("new", _("Add a kind"))
    title = _("Qualification kinds")
    purpose = _("The kinds of qualification with their levels, highest first, and specialties.")
    column_list = ("name", "code", "name_en", "levels", "specialties", "ended")
    column_labels = {
        "name": _("Name"),
        "code": _("Code"),
        "name_en": _("English name"),
        "levels": _("Levels"),
        "specialties": _("Specialties"),
        "ended": _("State"),
    }
    column_sortable_list = ("code", "name")
    column_searchable_list = ("code", "name", "name_en")
    column_default_sort = "kind.position"

    def shown(self) -> ColumnElement[bool]:
        """The kinds as they hold now."""
        return QualificationKindVersion.valid_to.is_(None)

    def show_name(self, row: QualificationKindVersion) -> Markup:
        """The name, with the way to the kind's page."""
        return linked(row.name, url_for(".kind", code=row.code))

    def show_code(self, row: QualificationKindVersion) -> Markup:
        """The code as requirements of items name it."""
        return Markup('<span class="code">{}</span>').format(row.code)

    def show_name_en(self, row: QualificationKindVersion) -> Markup:
        """The English name."""
        return english(row.name_en)

    def show_levels(self, row: QualificationKindVersion) -> str:
        """The levels, highest first."""
        return listed([_term(one) for one in row.levels])

    def show_specialties(self, row: QualificationKindVersion) -> str:
        """The specialties."""
        return listed([_term(one) for one in row.specialties])

    def show_ended(self, row: QualificationKindVersion) -> str:
        """Whether it is offered."""
        return standing(row.ended)

    @expose("/<code>")
    def kind(self, code: str) -> ResponseReturnValue:
        """One kind: what holds now, who needs it, and what each version changed."""
        session = reading_session()
        versions = reference.kind_versions(session, code)
        row = versions[-1]
        asking = [
            (item, need_text(need, row, language())) for item, need in kinds.asking(session, code)
        ]
        return self.page(
            "admin/kind.html",
            row=row,
            facts=facts(FACTS, row),
            first=versions[0],
            history=history(FACTS, versions),
            asking=asking,
            held=kinds.held(session, code),
        )

    @expose("/new", methods=("GET", "POST"))
    def new(self) -> ResponseReturnValue:
        """Add a kind; items may ask for it from today on."""
        form = NewKindForm()

        def work(uow: UnitOfWork) -> str:
            code = kind_services.add_kind(
                uow, code=form.code.data, reason=form.reason.data, **form.facts()
            )
            return url_for(".kind", code=code)

        done = gettext("The kind is added. Items can ask for it now.")
        return submit(form, work, done=done) or self.page(
            "admin/kind_form.html", form=form, row=None
        )

    @expose("/<code>/new-version", methods=("GET", "POST"))
    def new_version(self, code: str) -> ResponseReturnValue:
        """Write the next version; it holds from today on."""
        row = reference.kind_versions(reading_session(), code)[-1]
        form = KindForm(data=_written(row))

        def work(uow: UnitOfWork) -> str:
            kind_services.put_kind_in_force(
                uow, code=code, seen=form.number, reason=form.reason.data, **form.facts()
            )
            return url_for(".kind", code=code)

        return submit(form, work, done=gettext("The new version is in force.")) or self.page(
            "admin/kind_form.html", form=form, row=row
        )

    @expose("/<code>/end", methods=("GET", "POST"))
    def end(self, code: str) -> ResponseReturnValue:
        """Offer a kind no more, after saying what that means."""
        session = reading_session()
        row = reference.kind_versions(session, code)[-1]
        form = ReasonForm(suggested={"version": str(row.number)})

        def work(uow: UnitOfWork) -> str:
            kind_services.end_kind(uow, code=code, seen=form.number, reason=form.reason.data)
            return url_for(".kind", code=code)

        done = gettext("%(name)s is offered no more.", name=local_name(row))
        return submit(form, work, done=done) or self.page(
            "admin/end_kind.html",
            form=form,
            row=row,
            asking=[item for item, _need in kinds.asking(session, code)],
            held=kinds.held(session, code),
        )


def _term(pair: list[str]) -> str:
    name, name_en = pair
    return name_en if language() == "en" else name
