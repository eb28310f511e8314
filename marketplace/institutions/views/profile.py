"""The profile on two pages, owners, ties to departments."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.infra.facts import Facts
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import forms
from marketplace.institutions.facts import CONTACT, LICENCE, OWNER, TIE
from marketplace.institutions.queries import seen
from marketplace.institutions.queries.rows import AffiliationRow
from marketplace.institutions.rules.dossier import AffiliationKind
from marketplace.institutions.services import describing
from marketplace.institutions.views.dossier import agents, bp, mine
from marketplace.kernel.errors import NotFound
from marketplace.web.context import reading_session
from marketplace.web.forms import ActForm, Form
from marketplace.web.stating import filled, given
from marketplace.web.submit import page, submit


def _affiliations(institution_id: int, kind: AffiliationKind) -> list[AffiliationRow]:
    rows = seen.affiliations_stated(reading_session(), institution_id)
    return [row for row in rows if row.kind is kind]


def _affiliation(institution_id: int, line: str) -> AffiliationRow:
    for row in seen.affiliations_stated(reading_session(), institution_id):
        if row.line == line:
            return row
    raise NotFound


@bp.route("/my/institution/profile", methods=["GET", "POST"])
@agents
def profile() -> ResponseReturnValue:
    return _stating(LICENCE, forms.LicenceForm, "profile", _("The profile is saved."))


@bp.route("/my/institution/contact", methods=["GET", "POST"])
@agents
def contact() -> ResponseReturnValue:
    done = _("Contact and description are saved.")
    return _stating(CONTACT, forms.ContactForm, "contact", done)


def _stating(table: Facts, asks: type[Form], name: str, done: str) -> ResponseReturnValue:
    """One of the pages on which facts are stated."""
    row = mine()
    form = filled(asks, table, seen.facts_stated(reading_session(), row.id))

    def work(uow: UnitOfWork) -> str:
        said = given(table, form)
        describing.save_profile(uow, institution_id=row.id, said=said)
        return url_for(".dossier")

    return submit(form, work, done=done) or page(
        f"institutions/{name}.html", form=form, facts=table, institution=row
    )


@bp.get("/my/institution/owners")
@agents
def owners() -> ResponseReturnValue:
    row = mine()
    return page(
        "institutions/owners.html",
        institution=row,
        owners=_affiliations(row.id, AffiliationKind.OWNER),
    )


@bp.route("/my/institution/owners/new", methods=["GET", "POST"])
@agents
def new_owner() -> ResponseReturnValue:
    row, form = mine(), forms.OwnerForm()

    def work(uow: UnitOfWork) -> str:
        describing.add_owner(
            uow, institution_id=row.id, owner=describing.Owner(**given(OWNER, form))
        )
        return url_for(".owners")

    done = _("The owner is added.")
    return submit(form, work, done=done) or page(
        "institutions/owner.html", form=form, facts=OWNER, institution=row
    )


@bp.route("/my/institution/owners/<line>", methods=["GET", "POST"])
@agents
def owner(line: str) -> ResponseReturnValue:
    row = mine()
    known = _affiliation(row.id, line)
    if known.holder is None:
        raise NotFound
    form = filled(forms.OwnerForm, OWNER, known)

    def work(uow: UnitOfWork) -> str:
        describing.change_owner(
            uow, institution_id=row.id, line=line, owner=describing.Owner(**given(OWNER, form))
        )
        return url_for(".owners")

    done = _("The owner is saved.")
    return submit(form, work, done=done) or page(
        "institutions/owner.html", form=form, facts=OWNER, institution=row, known=known
    )


@bp.route("/my/institution/affiliations/<line>/remove", methods=["GET", "POST"])
@agents
def remove_affiliation(line: str) -> ResponseReturnValue:
    row, form = mine(), ActForm()
    known = _affiliation(row.id, line)
    back = url_for(".owners" if known.holder else ".ties")

    def work(uow: UnitOfWork) -> str:
        describing.remove_affiliation(uow, institution_id=row.id, line=line)
        return back

    done = _("The entry is taken out.")
    return submit(form, work, done=done) or page(
        "institutions/remove_affiliation.html", form=form, known=known, back=back
    )


@bp.route("/my/institution/ties", methods=["GET", "POST"])
@agents
def ties() -> ResponseReturnValue:
    row = mine()
    facts = seen.facts_stated(reading_session(), row.id)
    answer = facts.has_ties if facts else None
    form = forms.TiesForm(data={"has_ties": {None: "", True: "yes", False: "no"}[answer]})

    def work(uow: UnitOfWork) -> str:
        has_ties = form.has_ties.data == "yes"
        describing.answer_ties(uow, institution_id=row.id, has_ties=has_ties)
        return url_for(".ties" if has_ties else ".dossier")

    done = _("Your answer is saved.")
    return submit(form, work, done=done) or page(
        "institutions/ties.html",
        form=form,
        has_ties=answer,
        ties=_affiliations(row.id, AffiliationKind.DEPARTMENT),
    )


@bp.route("/my/institution/ties/new", methods=["GET", "POST"])
@agents
def new_tie() -> ResponseReturnValue:
    row, form = mine(), forms.TieForm()

    def work(uow: UnitOfWork) -> str:
        describing.add_tie(uow, institution_id=row.id, **given(TIE, form))
        return url_for(".ties")

    done = _("The tie is added.")
    return submit(form, work, done=done) or page(
        "institutions/tie.html", form=form, facts=TIE, institution=row
    )
