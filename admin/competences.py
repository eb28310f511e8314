"""Which association examines which item in which region."""

from dataclasses import dataclass

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from admin.access import Section
from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Capacity
from marketplace.kernel.errors import NotFound
from marketplace.vetting import queries, services
from marketplace.web.context import language, reading_session
from marketplace.web.forms import ActForm, Form
from marketplace.web.submit import submit
from marketplace.web.words import local_name

_CHOOSE = _("Choose one from the list.")


@dataclass(frozen=True)
class Held:
    """A competence with the names of what it is about."""

    item: catalogue.ItemRow
    region_code: str
    region: str
    association: accounts.OrganisationRow


class CompetenceForm(Form):
    """Who becomes competent for what."""

    item = SelectField(_("Item"), [InputRequired(_CHOOSE)])
    region = SelectField(
        _("Region"),
        [InputRequired(_CHOOSE)],
        description=_("The competence reaches to every region in it that has none of its own."),
    )
    association = SelectField(_("Association"), [InputRequired(_CHOOSE)])

    def offer(self, session: Session) -> None:
        """Fill the choices."""
        lang, none = language(), SelectChoice("", gettext("Please choose"))
        self.item.choices = [
            none,
            *(
                SelectChoice(row.code, f"{row.code} {local_name(row)}")
                for row in catalogue.by_code(session).values()
            ),
        ]
        self.region.choices = [
            none,
            *(SelectChoice(*one) for one in catalogue.regions(session).choices(lang)),
        ]
        found = accounts.organisations_with(session, Capacity.ASSOCIATION)
        self.association.choices = [none, *(SelectChoice(row.public_id, row.name) for row in found)]


class Competences(Section):
    """The list by item, granting one, withdrawing one."""

    group, address = "policy", "competences"
    title = _("Competences of associations")
    purpose = _("Which association examines applications for which item, by region.")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Every competence, and the items nobody is competent for."""
        session = reading_session()
        rows = _all(session)
        covered = {row.item.code for row in rows}
        offered = (*catalogue.items(session), *catalogue.market_services(session))
        open_items = [one for one in offered if one.code not in covered]
        return self.page("admin/competences.html", rows=rows, open_items=open_items)

    @expose("/grant", methods=("GET", "POST"))
    def grant(self) -> ResponseReturnValue:
        """Make an association competent; whoever was before hands over."""
        form = CompetenceForm()
        form.offer(reading_session())

        def work(uow: UnitOfWork) -> str:
            association = accounts.organisation_by_public_id(uow.session, form.association.data)
            services.grant_competence(
                uow,
                association_id=association.id,
                item_code=form.item.data,
                region_code=form.region.data,
            )
            return url_for(".index")

        return submit(form, work, done=gettext("The competence is granted.")) or self.page(
            "admin/grant_competence.html", form=form
        )

    @expose("/<item>/<region>/withdraw", methods=("GET", "POST"))
    def withdraw(self, item: str, region: str) -> ResponseReturnValue:
        """End a competence, after saying what that means."""
        session, form = reading_session(), ActForm()
        held = next(
            (r for r in _all(session) if (r.item.code, r.region_code) == (item, region)), None
        )
        if held is None:
            raise NotFound

        def work(uow: UnitOfWork) -> str:
            services.withdraw_competence(uow, item_code=item, region_code=region)
            return url_for(".index")

        return submit(form, work, done=gettext("The competence is withdrawn.")) or self.page(
            "admin/withdraw_competence.html", form=form, held=held
        )


def _all(session: Session) -> list[Held]:
    found = queries.competences(session)
    names = accounts.organisations(session, [one.association_id for one in found])
    tree, items = catalogue.regions(session), catalogue.by_code(session)
    return [
        Held(
            item=items[one.item_code],
            region_code=one.region_code,
            region=tree.path(one.region_code, language()),
            association=names[one.association_id],
        )
        for one in found
    ]
