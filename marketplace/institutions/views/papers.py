"""Certificates and practitioners, the undertaking, the letter of authorisation."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import KindRow
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import forms
from marketplace.institutions.facts import ON_CERTIFICATE, PERSON
from marketplace.institutions.queries import dossiers, market, seen
from marketplace.institutions.rules.dossier import CURRENT_UNDERTAKING, VersionState
from marketplace.institutions.services import papers, people
from marketplace.institutions.views.dossier import (
    agents,
    bp,
    mine,
    my_practitioner,
    my_qualification,
    today,
)
from marketplace.kernel.errors import NotFound
from marketplace.web.context import language, reading_session
from marketplace.web.forms import ActForm, Form
from marketplace.web.listing import asked_of
from marketplace.web.stating import filled, given, rows
from marketplace.web.submit import page, submit


def _kind(code: str) -> KindRow:
    kind = catalogue.qualification_kind(reading_session(), code)
    if kind is None:
        raise NotFound
    return kind


def _certificate(kind: KindRow, form: Form) -> papers.Certificate:
    return papers.Certificate(kind=kind.code, **given(ON_CERTIFICATE, form))


@bp.get("/my/institution/qualifications")
@agents
def qualifications() -> ResponseReturnValue:
    session, row = reading_session(), mine()
    return page(
        "institutions/qualifications.html",
        institution=row,
        rows=seen.qualifications_stated(session, row.id),
        kinds={kind.code: kind for kind in catalogue.qualification_kinds(session)},
        asked=dossiers.asked_needs(session, row.id),
        items=catalogue.by_code(session),
        in_vetting={one.line for one in market.open_submissions(session, row.id)},
        today=today(),
    )


@bp.route("/my/institution/qualifications/new", methods=["GET", "POST"])
@agents
def choose_kind() -> ResponseReturnValue:
    form = forms.KindForm()
    if form.is_submitted() and form.validate():
        return redirect(url_for(".new_qualification", kind=form.kind.data), 303)
    return page("institutions/choose_kind.html", form=form, institution=mine())


@bp.route("/my/institution/qualifications/new/<kind>", methods=["GET", "POST"])
@agents
def new_qualification(kind: str) -> ResponseReturnValue:
    row, chosen = mine(), _kind(kind)
    form = forms.certificate_form(chosen, None, language())

    def work(uow: UnitOfWork) -> str:
        papers.add_qualification(
            uow,
            institution_id=row.id,
            certificate=_certificate(chosen, form),
            scan=form["scan"].upload,
        )
        return url_for(".qualifications")

    done = _("The certificate is added.")
    return submit(form, work, done=done) or page(
        "institutions/qualification.html",
        form=form,
        facts=ON_CERTIFICATE,
        kind=chosen,
        known=None,
        renews=None,
    )


@bp.route("/my/institution/qualifications/<qualification_id>", methods=["GET", "POST"])
@agents
def qualification(qualification_id: str) -> ResponseReturnValue:
    known = my_qualification(qualification_id)
    kind = _kind(known.kind)
    if known.state is not VersionState.DRAFT:
        return page(
            "institutions/qualification_facts.html",
            known=known,
            kind=kind,
            facts=rows(ON_CERTIFICATE, known),
        )
    form = forms.certificate_form(kind, known, language())

    def work(uow: UnitOfWork) -> str:
        papers.change_qualification(
            uow,
            qualification_id=qualification_id,
            certificate=_certificate(kind, form),
            scan=form["scan"].upload,
        )
        return url_for(".qualifications")

    done = _("The certificate is saved.")
    return submit(form, work, done=done) or page(
        "institutions/qualification.html",
        form=form,
        facts=ON_CERTIFICATE,
        kind=kind,
        known=known,
        renews=None,
    )


@bp.route("/my/institution/qualifications/<qualification_id>/renew", methods=["GET", "POST"])
@agents
def renew_qualification(qualification_id: str) -> ResponseReturnValue:
    old = my_qualification(qualification_id)
    kind = _kind(old.kind)
    form = forms.certificate_form(kind, old, language(), renewing=True)

    def work(uow: UnitOfWork) -> str:
        papers.renew_qualification(
            uow,
            qualification_id=qualification_id,
            certificate=_certificate(kind, form),
            scan=form["scan"].upload,
        )
        return url_for(".qualifications")

    done = _("The renewal is drafted. Submit it for vetting.")
    return submit(form, work, done=done) or page(
        "institutions/qualification.html",
        form=form,
        facts=ON_CERTIFICATE,
        kind=kind,
        known=None,
        renews=old,
    )


@bp.route("/my/institution/qualifications/<qualification_id>/remove", methods=["GET", "POST"])
@agents
def remove_qualification(qualification_id: str) -> ResponseReturnValue:
    known, form = my_qualification(qualification_id), ActForm()

    def work(uow: UnitOfWork) -> str:
        papers.drop_qualification(uow, qualification_id=qualification_id)
        return url_for(".qualifications")

    done = _("The certificate is taken out.")
    return submit(form, work, done=done) or page(
        "institutions/remove_qualification.html",
        form=form,
        known=known,
        kind=_kind(known.kind),
    )


@bp.get("/my/institution/practitioners")
@agents
def practitioners() -> ResponseReturnValue:
    row = mine()
    listed = seen.PEOPLE.read(reading_session(), asked_of(seen.PEOPLE), {"own": row.id})
    return page("institutions/practitioners.html", institution=row, listed=listed)


@bp.route("/my/institution/practitioners/new", methods=["GET", "POST"])
@agents
def new_practitioner() -> ResponseReturnValue:
    row, form = mine(), forms.PersonForm()

    def work(uow: UnitOfWork) -> str:
        people.add_practitioner(
            uow,
            institution_id=row.id,
            person=people.Person(**given(PERSON, form)),
            scan=form["scan"].upload,
        )
        return url_for(".practitioners")

    done = _("The practitioner is added.")
    return submit(form, work, done=done) or page(
        "institutions/practitioner.html", form=form, facts=PERSON, known=None
    )


@bp.route("/my/institution/practitioners/<practitioner_id>", methods=["GET", "POST"])
@agents
def practitioner(practitioner_id: str) -> ResponseReturnValue:
    known = my_practitioner(practitioner_id)
    if known.state not in (VersionState.DRAFT, VersionState.IN_FORCE):
        return page("institutions/practitioner_facts.html", known=known, facts=rows(PERSON, known))
    form = filled(forms.PersonForm, PERSON, known)

    def work(uow: UnitOfWork) -> str:
        people.change_practitioner(
            uow,
            practitioner_id=practitioner_id,
            person=people.Person(**given(PERSON, form)),
            scan=form["scan"].upload,
        )
        return url_for(".practitioners")

    done = _("The practitioner is saved.")
    return submit(form, work, done=done) or page(
        "institutions/practitioner.html", form=form, facts=PERSON, known=known
    )


@bp.route("/my/institution/practitioners/<practitioner_id>/remove", methods=["GET", "POST"])
@agents
def remove_practitioner(practitioner_id: str) -> ResponseReturnValue:
    known, form = my_practitioner(practitioner_id), ActForm()

    def work(uow: UnitOfWork) -> str:
        people.remove_practitioner(uow, practitioner_id=practitioner_id)
        return url_for(".practitioners")

    done = _("The practitioner is taken out.")
    return submit(form, work, done=done) or page(
        "institutions/remove_practitioner.html", form=form, known=known
    )


@bp.route("/my/institution/undertaking", methods=["GET", "POST"])
@agents
def undertaking() -> ResponseReturnValue:
    row, form = mine(), forms.UndertakingForm()

    def work(uow: UnitOfWork) -> str:
        people.sign_undertaking(uow, institution_id=row.id, name=form.signed_name.data)
        return url_for(".dossier")

    done = _("The undertaking is signed.")
    return submit(form, work, done=done) or page(
        "institutions/undertaking.html",
        form=form,
        institution=row,
        signed=dossiers.undertaking(reading_session(), row.id),
        text=CURRENT_UNDERTAKING,
        english=language() == "en",
    )


@bp.route("/my/institution/authorisation", methods=["GET", "POST"])
@agents
def authorisation() -> ResponseReturnValue:
    row, form = mine(), forms.LetterForm()

    def work(uow: UnitOfWork) -> str:
        people.upload_authorisation(uow, institution_id=row.id, scan=form.scan.upload)
        return url_for(".dossier")

    done = _("The letter is uploaded.")
    session = reading_session()
    return submit(form, work, done=done) or page(
        "institutions/authorisation.html",
        form=form,
        institution=row,
        letter=dossiers.letter(session, row.authorisation_file_id),
        needed=dossiers.authorisation_needed(session, row),
    )
