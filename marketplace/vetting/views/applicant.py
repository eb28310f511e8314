"""The applicant's side: check the answers and submit, follow, correct, withdraw."""

from collections.abc import Iterable
from datetime import date

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.queries import light_days
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries import InstitutionRow, ListingRow
from marketplace.institutions.rules.dossier import Missing
from marketplace.institutions.rules.market import LISTED
from marketplace.institutions.wording import missing_text
from marketplace.kernel.actors import Role
from marketplace.kernel.decisions import Decision
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date
from marketplace.vetting import policy
from marketplace.vetting.forms import WithdrawForm
from marketplace.vetting.queries import lists, page, standings
from marketplace.vetting.queries.rows import CasePage
from marketplace.vetting.rules import CaseKind, CaseState
from marketplace.vetting.services import applying
from marketplace.vetting.services.applying import CaseRef
from marketplace.vetting.views import presenting
from marketplace.vetting.views.blueprint import bp
from marketplace.vetting.wording import SECTION_OF, remedies
from marketplace.web.context import current_actor, language, reading_session, request_time
from marketplace.web.forms import ActForm, Form
from marketplace.web.frame import link
from marketplace.web.guard import for_roles
from marketplace.web.listing import asked_of
from marketplace.web.submit import page as show_page
from marketplace.web.submit import submit as run
from marketplace.web.time_line import person_or_platform, time_line

agent = for_roles(Role.INSTITUTION_AGENT)


def _today() -> date:
    return local_date(request_time())


def _institution() -> InstitutionRow:
    row = institutions.my_institution(reading_session(), current_actor().organisation_id or 0)
    if row is None:
        raise NotFound
    return row


@bp.get("/my/applications")
@agent
def applications() -> ResponseReturnValue:
    """My organisation's applications: open ones first, with whose turn it is."""
    session = reading_session()
    days = light_days(session, _today(), own=current_actor().organisation_id)
    listed = lists.APPLICATIONS.read(session, asked_of(lists.APPLICATIONS), days)
    return show_page("vetting/applications.html", listed=listed)


@bp.route("/my/applications/check/<listing_id>", methods=["GET", "POST"])
@agent
def submit(listing_id: str) -> ResponseReturnValue:
    """Check your answers: the whole dossier as it will be submitted, and what happens next.

    Where an application is open already, its own page is the place to go on.
    """
    listing = institutions.listing(reading_session(), listing_id)
    if not current_actor().acts_for(listing.organisation_id):
        raise NotFound
    form = ActForm()
    done = run(
        form,
        lambda uow: _opened(applying.submit_application(uow, listing=listing_id)),
        done=_("Your application is with the association."),
    )
    if done is not None:
        return done
    open_case = lists.open_application(reading_session(), listing.id, _today())
    if open_case is not None and not form.refused_code:
        returned = open_case.state is CaseState.RETURNED
        endpoint = ".correct" if returned else ".application"
        return redirect(url_for(endpoint, case_id=open_case.public_id))
    missing = institutions.missing(reading_session(), listing.id, _today())
    return _check(
        form,
        institution_id=listing.institution_id,
        listing_id=listing.id,
        item_code=listing.item_code,
        region_code=listing.region_code,
        kind=CaseKind.ADMISSION,
        may=_may_submit(listing.organisation_id),
        missing=_said(missing),
    )


# The page of each section of the dossier.
_PAGES = {
    "profile": "profile",
    "owners": "owners",
    "ties": "ties",
    "qualifications": "qualifications",
    "practitioners": "practitioners",
    "undertaking": "undertaking",
    "authorisation": "authorisation",
    "terms": "listings",
}


def _said(missing: Iterable[Missing]) -> list[tuple[str, str]]:
    """What is missing in words, each with the page that mends it."""
    return [
        (missing_text(one, language()), link(f"institutions.{_PAGES[one.section]}"))
        for one in missing
    ]


def _may_submit(organisation_id: int) -> Decision:
    count = standings.open_case_count(reading_session(), organisation_id)
    return policy.may_submit(current_actor(), organisation_id, count)


def _opened(case: CaseRef) -> str:
    return url_for(".application", case_id=case.public_id)


@bp.route("/my/applications/check-change", methods=["GET", "POST"])
@agent
def submit_change() -> ResponseReturnValue:
    """Check the changed facts or terms before they are vetted; the old ones stay in force."""
    row, listing_id = _institution(), request.args.get("listing")

    def work(uow: UnitOfWork) -> str:
        return _opened(
            applying.submit_change_case(uow, institution=row.id, listing=listing_id or None)
        )

    form = ActForm()
    done = run(form, work, done=_("Your changes are with the association."))
    if done is not None:
        return done
    listing = _change_listing(row.id, listing_id)
    return _check(
        form,
        institution_id=row.id,
        listing_id=listing.id if listing else 0,
        item_code=listing.item_code if listing else "",
        region_code=row.region_code,
        kind=CaseKind.CHANGE,
        may=policy.may_submit_later(current_actor(), row.organisation_id),
        missing=[],
    )


def _change_listing(institution_id: int, public_id: str | None) -> ListingRow | None:
    rows = institutions.listings_of(reading_session(), institution_id)
    listed = [row for row in rows if row.state in LISTED]
    named = [row for row in listed if row.public_id == public_id]
    return next(iter(named or listed), None)


@bp.route("/my/applications/check-renewal/<qualification_id>", methods=["GET", "POST"])
@agent
def submit_renewal(qualification_id: str) -> ResponseReturnValue:
    """Check the renewed certificate before it is vetted; the one in force stays until then."""
    row = _institution()
    stated = institutions.qualifications_stated(reading_session(), row.id)
    renewed = [one for one in stated if one.public_id == qualification_id]
    if not renewed:
        raise NotFound
    form = ActForm()
    done = run(
        form,
        lambda uow: _opened(applying.submit_renewal_case(uow, qualification=qualification_id)),
        done=_("The renewed certificate is with the association."),
    )
    if done is not None:
        return done
    return show_page(
        "vetting/check_renewal.html",
        form=form,
        certificate=presenting.certificate_text(renewed[0]),
        scan=renewed[0],
        may=policy.may_submit_later(current_actor(), row.organisation_id),
        back=link("institutions.qualifications"),
    )


def _check(
    form: Form,
    *,
    institution_id: int,
    listing_id: int,
    item_code: str,
    region_code: str,
    kind: CaseKind,
    may: Decision,
    missing: list[tuple[str, str]],
) -> ResponseReturnValue:
    session, today = reading_session(), _today()
    dossier = institutions.dossier(session, institution_id)
    item = catalogue.find_item(session, item_code) if item_code else None
    return show_page(
        "vetting/check.html",
        form=form,
        kind=kind,
        item=item,
        sections=presenting.sections(dossier, listing_id, changes=True),
        association=presenting.judge_name(item_code, region_code),
        limits=standings.limits(session, today),
        missing=missing,
        may=may,
        back=link("institutions.dossier"),
    )


def _load(case_id: str) -> CasePage:
    """The application as its page shows it; to others it does not exist."""
    loaded = page.case_page(reading_session(), case_id, _today())
    if not policy.is_applicant(current_actor(), loaded.standing):
        raise NotFound
    return loaded


@bp.get("/my/applications/<case_id>")
@agent
def application(case_id: str) -> ResponseReturnValue:
    """Follow an application: where it stands, by when, what was found, what happened."""
    return _render("vetting/application.html", _load(case_id))


def _render(
    template: str, loaded: CasePage, form: Form | None = None, **more: object
) -> ResponseReturnValue:
    actor = current_actor()
    return show_page(
        template,
        form=form,
        page=loaded,
        steps=presenting.case_steps(loaded),
        entries=time_line(loaded.history, inside=False, who=person_or_platform),
        sections=presenting.sections(loaded.dossier, loaded.case.listing_id),
        may_withdraw=policy.may_withdraw(actor, loaded.standing),
        may_resubmit=policy.may_resubmit(actor, loaded.standing),
        mend=_mend,
        remedies=remedies(),
        **more,
    )


def _mend(code: str) -> str:
    """The page on which a point is mended."""
    return link(f"institutions.{SECTION_OF[code]}")


@bp.route("/my/applications/<case_id>/correct", methods=["GET", "POST"])
@agent
def correct(case_id: str) -> ResponseReturnValue:
    """Everything that has to be corrected, each with its page; then send in again."""
    loaded = _load(case_id)
    form = ActForm()

    def work(uow: UnitOfWork) -> str:
        applying.resubmit(uow, case=case_id)
        return _address(case_id)

    done = run(form, work, done=_("The corrected dossier is with the association again."))
    if done is not None:
        return done
    if loaded.case.state is not CaseState.RETURNED and not form.refused_code:
        return redirect(_address(case_id))
    missing = institutions.missing(reading_session(), loaded.case.listing_id, _today())
    changes = presenting.differences(
        loaded.dossier,
        institutions.dossier(reading_session(), loaded.dossier.institution.id),
        loaded.case.listing_id,
    )
    return _render(
        "vetting/correct.html",
        loaded,
        form,
        changes=changes,
        missing=_said(missing),
    )


def _address(case_id: str) -> str:
    return url_for(".application", case_id=case_id)


@bp.route("/my/applications/<case_id>/withdraw", methods=["GET", "POST"])
@agent
def withdraw_case(case_id: str) -> ResponseReturnValue:
    """Confirm that the application is taken back."""
    loaded = _load(case_id)
    form = WithdrawForm()

    def work(uow: UnitOfWork) -> str:
        applying.withdraw(uow, case=case_id, reason=form.reason.data or "")
        return _address(case_id)

    done = run(form, work, done=_("The application is withdrawn."))
    return done or _render("vetting/withdraw.html", loaded, form)


@bp.get("/my/applications/listing/<listing_id>")
@agent
def withdraw(listing_id: str) -> ResponseReturnValue:
    """From a listing to the application that is open for it."""
    listing = institutions.listing(reading_session(), listing_id)
    if not current_actor().acts_for(listing.organisation_id):
        raise NotFound
    row = lists.open_application(reading_session(), listing.id, _today())
    if row is None:
        return redirect(url_for(".applications"))
    return redirect(url_for(".withdraw_case", case_id=row.public_id))
