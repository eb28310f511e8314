"""Practitioners, the undertaking, the letter of authorisation."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries, services
from marketplace.institutions.forms import LetterForm, PersonForm, UndertakingForm
from marketplace.institutions.rules import CURRENT_UNDERTAKING, VersionState
from marketplace.institutions.views.blueprint import agents, bp, mine, my_practitioner
from marketplace.web.context import language, reading_session
from marketplace.web.forms import ActForm
from marketplace.web.submit import page, submit


@bp.get("/my/institution/practitioners")
@agents
def practitioners() -> ResponseReturnValue:
    row = mine()
    dossier = queries.dossier(reading_session(), row.id)
    return page("institutions/practitioners.html", institution=row, rows=dossier.practitioners)


@bp.route("/my/institution/practitioners/new", methods=["GET", "POST"])
@agents
def new_practitioner() -> ResponseReturnValue:
    row, form = mine(), PersonForm.of(None)

    def work(uow: UnitOfWork) -> str:
        services.add_practitioner(
            uow, institution_id=row.id, person=form.person(), scan=form.scan.upload
        )
        return url_for(".practitioners")

    done = _("The practitioner is added.")
    return submit(form, work, done=done) or page(
        "institutions/practitioner.html", form=form, known=None
    )


@bp.route("/my/institution/practitioners/<practitioner_id>", methods=["GET", "POST"])
@agents
def practitioner(practitioner_id: str) -> ResponseReturnValue:
    known = my_practitioner(practitioner_id)
    if known.state not in (VersionState.DRAFT, VersionState.IN_FORCE):
        return page("institutions/practitioner_facts.html", known=known)
    form = PersonForm.of(known)

    def work(uow: UnitOfWork) -> str:
        services.change_practitioner(
            uow,
            practitioner_id=practitioner_id,
            person=form.person(),
            scan=form.scan.upload,
        )
        return url_for(".practitioners")

    done = _("The practitioner is saved.")
    return submit(form, work, done=done) or page(
        "institutions/practitioner.html", form=form, known=known
    )


@bp.route("/my/institution/practitioners/<practitioner_id>/remove", methods=["GET", "POST"])
@agents
def remove_practitioner(practitioner_id: str) -> ResponseReturnValue:
    known, form = my_practitioner(practitioner_id), ActForm()

    def work(uow: UnitOfWork) -> str:
        services.remove_practitioner(uow, practitioner_id=practitioner_id)
        return url_for(".practitioners")

    done = _("The practitioner is taken out.")
    return submit(form, work, done=done) or page(
        "institutions/remove_practitioner.html", form=form, known=known
    )


@bp.route("/my/institution/undertaking", methods=["GET", "POST"])
@agents
def undertaking() -> ResponseReturnValue:
    row, form = mine(), UndertakingForm()

    def work(uow: UnitOfWork) -> str:
        services.sign_undertaking(uow, institution_id=row.id, name=form.signed_name.data)
        return url_for(".dossier")

    done = _("The undertaking is signed.")
    return submit(form, work, done=done) or page(
        "institutions/undertaking.html",
        form=form,
        institution=row,
        signed=queries.dossier(reading_session(), row.id).undertaking,
        text=CURRENT_UNDERTAKING,
        english=language() == "en",
    )


@bp.route("/my/institution/authorisation", methods=["GET", "POST"])
@agents
def authorisation() -> ResponseReturnValue:
    row, form = mine(), LetterForm()

    def work(uow: UnitOfWork) -> str:
        services.upload_authorisation(uow, institution_id=row.id, scan=form.scan.upload)
        return url_for(".dossier")

    done = _("The letter is uploaded.")
    session = reading_session()
    return submit(form, work, done=done) or page(
        "institutions/authorisation.html",
        form=form,
        institution=row,
        letter=queries.dossier(session, row.id).authorisation,
        needed=queries.authorisation_needed(session, row),
    )
