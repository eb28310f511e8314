"""The approval departments: made, renamed, moved to another region, ended; what each was before."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from admin.access import Section
from admin.versions import ReasonForm
from marketplace.accounts import queries as accounts
from marketplace.accounts.forms import way_in
from marketplace.accounts.queries import departments as queries
from marketplace.accounts.queries.parties import DEPARTMENTS
from marketplace.accounts.queries.rows import OrganisationRow
from marketplace.accounts.services import departments as services
from marketplace.catalogue import queries as catalogue
from marketplace.infra.clock import real_now
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Capacity
from marketplace.kernel.times import local_date
from marketplace.web.context import language, reading_session, request_time
from marketplace.web.fields import DateField
from marketplace.web.forms import Form
from marketplace.web.listing import asked_of, panel
from marketplace.web.submit import submit
from marketplace.web.wording import label

_NAME = _("Name of the department")


@dataclass(frozen=True)
class Shown:
    """A department with its region and level in words."""

    row: OrganisationRow
    region: str
    level: str

    @property
    def ended(self) -> bool:
        """Whether it is a department no more."""
        return Capacity.DEPARTMENT not in self.row.capacities


class NewDepartmentForm(Form):
    """A department that comes to the market."""

    name = StringField(
        _NAME, [way_in.required(_("Enter the name of the department.")), way_in.at_most(200)]
    )
    credit_code = StringField(
        _("Unified social credit code"),
        [way_in.required(_("Enter the credit code.")), way_in.right_credit_code],
        filters=[way_in.narrow],
    )
    region_code = way_in.RegionField(_("Region"))


class ChangeForm(ReasonForm):
    """What a department is called, and where it is, since a day."""

    name = StringField(_NAME, [InputRequired(_("Write the name.")), Length(max=200)])
    region_code = way_in.RegionField(
        _("Region"), description=_("Its region says its level, and which projects are its own.")
    )
    valid_from = DateField(
        _("Since"),
        [InputRequired(_("Enter the day since which it holds."))],
        description=_("Today or an earlier day: a change is entered once it has happened."),
    )


class Departments(Section):
    """The list, one department with all that it was, adding, changing and ending one."""

    group, address = "people", "approval_departments"
    title = _("Approval departments")
    purpose = _("Departments that commission services: their names, regions and levels.")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The departments of today, or those that have ended."""
        session, asked = reading_session(), asked_of(DEPARTMENTS)
        found = DEPARTMENTS.read(session, asked)
        title = gettext("Name or credit code")
        return self.page(
            "admin/departments.html",
            found=found,
            rows=[_shown(session, row) for row in found.rows],
            filters=panel(DEPARTMENTS, asked, found, text_title=title),
        )

    @expose("/new", methods=("GET", "POST"))
    def new(self) -> ResponseReturnValue:
        """Make a department; its members are added on the organisation's page."""
        form = NewDepartmentForm()

        def work(uow: UnitOfWork) -> str:
            key = services.add_department(
                uow,
                name=form.name.data,
                credit_code=form.credit_code.data,
                region_code=form.region_code.data,
            )
            row = accounts.organisation(uow.session, key)
            return url_for(".department", key=row.public_id)

        done = gettext("The department is made. Now add its members.")
        return submit(form, work, done=done) or self.page("admin/new_department.html", form=form)

    @expose("/<key>")
    def department(self, key: str) -> ResponseReturnValue:
        """One department: what it is now, what it has to finish, what it was before."""
        session = reading_session()
        row = queries.department(session, key)
        return self.page(
            "admin/department.html",
            shown=_shown(session, row),
            work=queries.open_work(session, row.id),
            changes=_said(session, row),
        )

    @expose("/<key>/change", methods=("GET", "POST"))
    def change(self, key: str) -> ResponseReturnValue:
        """Enter another name or region since a day."""
        session = reading_session()
        row = queries.current_department(session, key)
        form = ChangeForm(
            data={
                "version": str(len(queries.changes(session, row.id))),
                "name": row.name,
                "region_code": row.region_code,
            },
            suggested={"valid_from": local_date(request_time())},
        )

        def work(uow: UnitOfWork) -> str:
            services.change_department(
                uow,
                department=key,
                seen=form.number,
                name=form.name.data,
                region_code=form.region_code.data,
                valid_from=form.valid_from.parsed,
                reason=form.reason.data,
            )
            return url_for(".department", key=key)

        return submit(form, work, done=gettext("The change is entered.")) or self.page(
            "admin/change_department.html", form=form, shown=_shown(session, row)
        )

    @expose("/<key>/end", methods=("GET", "POST"))
    def end(self, key: str) -> ResponseReturnValue:
        """Let it be a department no more, after saying what that means."""
        session = reading_session()
        row = queries.current_department(session, key)
        form = ReasonForm(suggested={"version": str(len(queries.changes(session, row.id)))})

        def work(uow: UnitOfWork) -> str:
            services.end_department(
                uow, department=key, seen=form.number, reason=form.reason.data, at=real_now()
            )
            return url_for(".department", key=key)

        done = gettext("%(name)s is a department no more.", name=row.name)
        return submit(form, work, done=done) or self.page(
            "admin/end_department.html",
            form=form,
            shown=_shown(session, row),
            work=queries.open_work(session, row.id),
            members=len(accounts.members_with(session, row.id)),
        )


def _shown(session: Session, row: OrganisationRow) -> Shown:
    region = catalogue.regions(session).get(row.region_code)
    level = label(f"region_level.{region.level}") if region else ""
    return Shown(row, _region(session, row.region_code), level)


def _region(session: Session, code: str) -> str:
    tree = catalogue.regions(session)
    return tree.path(code, language())


def _said(session: Session, row: OrganisationRow) -> list[dict[str, Any]]:
    """Each change with what was before and what came, the last first."""
    changes = queries.changes(session, row.id)
    after = [*((one.name, one.region_code) for one in changes[1:]), (row.name, row.region_code)]
    return [
        {
            "since": one.valid_from,
            "reason": one.reason,
            "ended": one.ended,
            "was": one.name,
            "is": name,
            "was_in": _region(session, one.region_code),
            "is_in": _region(session, region),
        }
        for one, (name, region) in zip(changes, after, strict=False)
    ][::-1]
