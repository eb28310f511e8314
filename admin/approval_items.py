"""The approval items: their versions in words, adding, changing, ending; what they call for."""

from datetime import date
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import Session
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from admin.item_form import WRITE_NAME
from admin.reference import GROUP, Named, english, listed
from admin.tables import linked
from admin.versions import Facts, ReasonForm, facts, history, plain, standing
from marketplace.catalogue.models import ApprovalItemVersion
from marketplace.catalogue.queries import listed as queries
from marketplace.catalogue.queries.rows import (
    ApprovalItemRow,
    ApprovalRow,
    DepartmentNameRow,
    ItemRow,
)
from marketplace.catalogue.services import approval_items as services
from marketplace.catalogue.wording import applies_text
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.times import local_date
from marketplace.projects.queries.needing import asking_for_approval
from marketplace.web.context import language, reading_session, request_time
from marketplace.web.fields import CheckboxesField, DateField
from marketplace.web.forms import Form
from marketplace.web.submit import submit
from marketplace.web.wording import label
from marketplace.web.words import day, local_name, with_note

FACTS: Facts = (
    ("name", _("Name"), plain("name")),
    ("name_en", _("English name"), plain("name_en")),
    ("stage", _("Stage"), lambda row: local_name(row.stage)),
    ("applies_to", _("Applies to"), lambda row: applies_text(row, language())),
    ("departments", _("Departments"), lambda row: "\n".join(row.departments)),
    ("statutory_limit", _("Statutory limit"), plain("statutory_limit")),
    ("statutory_limit_en", _("Statutory limit, English"), plain("statutory_limit_en")),
    ("law", _("Law"), plain("law")),
    ("state", _("State"), lambda row: standing(row.ended)),
)
_TEXTS = (
    "name",
    "name_en",
    "applies_to",
    "condition",
    "condition_en",
    "statutory_limit",
    "statutory_limit_en",
    "law",
)


class EndForm(ReasonForm):
    """From which day on nothing calls for it, and why."""

    valid_from = DateField(
        _("Ended from"),
        [InputRequired(_("Enter the day from which it is ended."))],
        description=_("Today or a later day. What held in the past stays as it was."),
    )


class ApprovalForm(ReasonForm):
    """What a version of an approval item says."""

    name = StringField(_("Name"), [InputRequired(WRITE_NAME), Length(max=120)])
    name_en = StringField(_("English name"), [InputRequired(WRITE_NAME), Length(max=200)])
    stage = SelectField(_("Stage"), [InputRequired(_("Choose a stage from the list."))])
    departments = CheckboxesField(
        _("Departments that decide it"), [InputRequired(_("Choose at least one department."))]
    )
    applies_to = RadioField(
        _("Applies to"), [InputRequired(_("Choose to which projects it applies."))]
    )
    condition = StringField(
        _("Which projects"),
        [Optional(), Length(max=200)],
        description=_("Where it applies to some projects only and the condition is published."),
    )
    condition_en = StringField(_("Which projects, English"), [Optional(), Length(max=200)])
    statutory_limit = StringField(_("Statutory limit"), [Optional(), Length(max=200)])
    statutory_limit_en = StringField(_("Statutory limit, English"), [Optional(), Length(max=200)])
    law = StringField(_("Law"), [Optional(), Length(max=200)])
    valid_from = DateField(
        _("Holds from"),
        [InputRequired(_("Enter the day from which it holds."))],
        description=_("Today or a later day. What held in the past stays as it was."),
    )

    def offer(self, session: Session) -> None:
        """Fill the choices."""
        self.stage.choices = [
            SelectChoice("", gettext("Please choose")),
            *(SelectChoice(row.code, local_name(row)) for row in queries.stages(session)),
        ]
        self.applies_to.choices = [
            SelectChoice("all_projects", label("applies_to.all_projects")),
            SelectChoice("special", gettext("Some projects only")),
        ]
        self.departments.choices = [
            SelectChoice(row.name_2018, _department(row))
            for row in queries.department_names(session)
        ]

    def facts(self) -> dict[str, Any]:
        """What the form says, as the service takes it."""
        said: dict[str, Any] = {name: self[name].data or "" for name in _TEXTS}
        return said | {"stage": self.stage.data, "departments": self.departments.data}


class NewApprovalForm(ApprovalForm):
    """An approval item that nobody knew yet."""

    code = StringField(
        _("Code"),
        [InputRequired(_("Write the code.")), Length(max=8)],
        description=_("As the approval platform names it; it stays for good."),
    )


class ItemsForm(Form):
    """Which items and services an approval item calls for."""

    version = HiddenField()
    items = CheckboxesField(
        _("Items and services that it calls for"),
        description=_("Each one that is ticked or unticked gets a new version from today."),
    )


def _department(row: DepartmentNameRow) -> str:
    """A kind of department by its present name, with that of 2018 where it was another."""
    if language() == "en":
        return with_note(row.name_en, row.name_2018)
    if row.name == row.name_2018:
        return row.name
    return with_note(row.name, gettext("in 2018: %(name)s", name=row.name_2018))


def _written(row: ApprovalRow, today: date) -> dict[str, Any]:
    """A version as the form for the next one shows it."""
    return {name: said for name, said in vars(row).items() if name in _TEXTS} | {
        "version": str(row.number),
        "stage": row.stage.code,
        "departments": list(row.departments),
        "valid_from": max(today, row.valid_from),
    }


def _today() -> date:
    return local_date(request_time())


class ApprovalItems(Named):
    """The matters that approval departments decide, as they hold today."""

    rows_of, group, address = ApprovalItemVersion, GROUP, "approval_items"
    pages = frozenset({"approval_item", "new", "new_version", "end", "items"})
    new_page = ("new", _("Add an approval item"))
    title = _("Approval items")
    purpose = _("The matters that approval departments decide in a project, by stage.")
    column_list = (
        "name",
        "code",
        "name_en",
        "stage",
        "applies_to",
        "departments",
        "limit",
        "state",
    )
    column_labels = {
        "name": _("Name"),
        "code": _("Code"),
        "name_en": _("English name"),
        "stage": _("Stage"),
        "applies_to": _("Applies to"),
        "departments": _("Departments"),
        "limit": _("Statutory limit"),
        "state": _("State"),
    }
    column_sortable_list = ("code",)
    column_searchable_list = ("code", "name", "name_en", "law")
    column_default_sort = "code"
    page_size = 100

    def shown(self) -> ColumnElement[bool]:
        """The version in force today of each; of one to come the first."""
        row, today = ApprovalItemVersion, _today()
        in_force = and_(row.valid_from <= today, or_(row.valid_to.is_(None), row.valid_to > today))
        return or_(in_force, and_(row.number == 1, row.valid_from > today))

    def show_name(self, row: ApprovalItemVersion) -> Markup:
        """The name, with the way to the approval item's page."""
        return linked(row.name, url_for(".approval_item", code=row.code))

    def show_name_en(self, row: ApprovalItemVersion) -> Markup:
        """The English name."""
        return english(row.name_en)

    def show_stage(self, row: ApprovalItemVersion) -> str:
        """The stage's name."""
        return local_name(row.stage)

    def show_applies_to(self, row: ApprovalItemVersion) -> str:
        """To which projects it applies."""
        return applies_text(row, language())

    def show_departments(self, row: ApprovalItemVersion) -> str:
        """Who decides."""
        return listed(row.departments)

    def show_limit(self, row: ApprovalItemVersion) -> str:
        """The limit in law, in the language of the page where there is one."""
        return (language() == "en" and row.statutory_limit_en) or row.statutory_limit

    def show_state(self, row: ApprovalItemVersion) -> str:
        """Whether it is in force, or since when it will be."""
        if row.valid_from > _today():
            return str(gettext("From %(day)s", day=day(row.valid_from)))
        return standing(row.ended)

    @expose("/<code>")
    def approval_item(self, code: str) -> ResponseReturnValue:
        """One approval item: what holds today, what comes, what rests on it, its versions."""
        session, today = reading_session(), _today()
        row = queries.approval_item(session, code)
        now = row.on(today)
        return self.page(
            "admin/approval_item.html",
            row=row,
            now=now,
            coming=[one for one in row.versions if one.valid_from > today and one is not now],
            facts=facts(FACTS, now),
            history=history(FACTS, row.versions),
            items=_calls_for(session, row),
            projects=asking_for_approval(session, code),
        )

    @expose("/new", methods=("GET", "POST"))
    def new(self) -> ResponseReturnValue:
        """Add an approval item that the approval platform knows."""
        form = NewApprovalForm(suggested={"valid_from": _today()})
        form.offer(reading_session())

        def work(uow: UnitOfWork) -> str:
            code = services.add_approval_item(
                uow,
                code=form.code.data,
                valid_from=form.valid_from.parsed,
                reason=form.reason.data,
                **form.facts(),
            )
            return url_for(".approval_item", code=code)

        done = gettext("The approval item is added. Say now which items it calls for.")
        return submit(form, work, done=done) or self.page(
            "admin/approval_form.html", form=form, row=None
        )

    @expose("/<code>/new-version", methods=("GET", "POST"))
    def new_version(self, code: str) -> ResponseReturnValue:
        """Write the next version; it holds from the day that is entered."""
        session = reading_session()
        row = queries.approval_item(session, code)
        form = ApprovalForm(data=_written(row.last, _today()))
        form.offer(session)

        def work(uow: UnitOfWork) -> str:
            services.set_approval_version(
                uow,
                code=code,
                seen=form.number,
                valid_from=form.valid_from.parsed,
                reason=form.reason.data,
                **form.facts(),
            )
            return url_for(".approval_item", code=code)

        return submit(form, work, done=gettext("The change is entered.")) or self.page(
            "admin/approval_form.html", form=form, row=row.last
        )

    @expose("/<code>/end", methods=("GET", "POST"))
    def end(self, code: str) -> ResponseReturnValue:
        """End an approval item from a day on, after saying what that means."""
        session = reading_session()
        row = queries.approval_item(session, code)
        first = max(_today(), row.last.valid_from)
        form = EndForm(suggested={"version": str(row.last.number), "valid_from": first})

        def work(uow: UnitOfWork) -> str:
            services.end_approval_item(
                uow,
                code=code,
                seen=form.number,
                valid_from=form.valid_from.parsed,
                reason=form.reason.data,
            )
            return url_for(".approval_item", code=code)

        return submit(form, work, done=gettext("The end is entered.")) or self.page(
            "admin/end_approval_item.html",
            form=form,
            row=row.last,
            items=_calls_for(session, row),
            projects=asking_for_approval(session, code),
        )

    @expose("/<code>/items", methods=("GET", "POST"))
    def items(self, code: str) -> ResponseReturnValue:
        """Say which items and services an approval item calls for."""
        session = reading_session()
        row = queries.approval_item(session, code)
        linked = [one.code for one in _calls_for(session, row)]
        form = ItemsForm(data={"items": linked, "version": " ".join(linked)})
        form.items.choices = [
            SelectChoice(one.code, f"{one.code} {local_name(one)}")
            for one in queries.by_code(session).values()
            if not one.ended or one.code in form.items.object_data
        ]

        def work(uow: UnitOfWork) -> str:
            seen = (form.version.data or "").split()
            services.link_items(uow, code=code, items=form.items.data, seen=seen)
            return url_for(".approval_item", code=code)

        done = gettext("What it calls for is stored.")
        return submit(form, work, done=done) or self.page(
            "admin/approval_calls.html", form=form, row=row.last
        )


def _calls_for(session: Session, row: ApprovalItemRow) -> list[ItemRow]:
    """The items and services that are linked with an approval item."""
    return [one for one in queries.by_code(session).values() if row in one.approvals]
