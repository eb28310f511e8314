"""The operator's pages: organisations and staff accounts, authorisations, disputes, security."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.forms import inside
from marketplace.accounts.queries import offers, parties
from marketplace.accounts.services import appointing, credentials, memberships
from marketplace.accounts.views.attempts import bp
from marketplace.infra.clock import real_now
from marketplace.infra.files import files_of
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Role
from marketplace.kernel.errors import Refused
from marketplace.kernel.personal import last_four
from marketplace.web.context import reading_session
from marketplace.web.forms import ActForm
from marketplace.web.guard import for_roles
from marketplace.web.listing import asked_of, panel
from marketplace.web.submit import page, submit


@bp.get("/operator/organisations")
@for_roles(Role.SYSTEM_ADMIN)
def operator_organisations() -> ResponseReturnValue:
    asked = asked_of(parties.ORGANISATIONS)
    found = parties.ORGANISATIONS.read(reading_session(), asked)
    title = _("Name or credit code")
    return page(
        "accounts/operator/organisations.html",
        found=found,
        filters=panel(parties.ORGANISATIONS, asked, found, text_title=title),
    )


@bp.route("/operator/organisations/new", methods=["GET", "POST"])
@for_roles(Role.SYSTEM_ADMIN)
def operator_new_organisation() -> ResponseReturnValue:
    form = inside.OrganisationRecordForm()

    def work(uow: UnitOfWork) -> str:
        organisation_id = appointing.create_organisation(
            uow,
            name=form.name.data,
            credit_code=form.credit_code.data,
            region_code=form.region_code.data,
            capacities=form.capacities.data,
        )
        row = parties.organisation(uow.session, organisation_id)
        return url_for(".operator_organisation", key=row.public_id)

    done = _("The organisation is made. Now add its members.")
    return submit(form, work, done=done) or page(
        "accounts/operator/new_organisation.html", form=form
    )


@bp.get("/operator/organisations/<key>")
@for_roles(Role.SYSTEM_ADMIN)
def operator_organisation(key: str) -> ResponseReturnValue:
    session = reading_session()
    row = parties.organisation_by_public_id(session, key)
    return page(
        "accounts/operator/organisation.html",
        organisation=row,
        members=parties.members_with(session, row.id),
        invitations=offers.open_invitations(session, row.id),
        letters=files_of(session, "organisation", row.id, appointing.LETTER_KIND),
    )


@bp.route("/operator/organisations/<key>/members/new", methods=["GET", "POST"])
@for_roles(Role.SYSTEM_ADMIN)
def operator_new_member(key: str) -> ResponseReturnValue:
    organisation = parties.organisation_by_public_id(reading_session(), key)
    form = inside.StaffForm()
    form.offer(organisation.capacities)

    def work(uow: UnitOfWork) -> str:
        appointing.create_staff_account(
            uow,
            organisation_id=organisation.id,
            name=form.name.data,
            email=form.email.data,
            mobile=form.mobile.data,
            roles=form.roles.data,
        )
        return url_for(".operator_organisation", key=key)

    done = _("The account is made. A letter with a link to choose the password is on its way.")
    return submit(form, work, done=done) or page(
        "accounts/operator/new_member.html", form=form, organisation=organisation
    )


@bp.route("/operator/organisations/<key>/authorise", methods=["GET", "POST"])
@for_roles(Role.SYSTEM_ADMIN)
def operator_authorise(key: str) -> ResponseReturnValue:
    session = reading_session()
    organisation = parties.organisation_by_public_id(session, key)
    form = ActForm()

    def work(uow: UnitOfWork) -> str:
        appointing.confirm_authorisation(uow, organisation_id=organisation.id)
        return url_for(".operator_organisation", key=key)

    done = _("The authorisation is confirmed.")
    return submit(form, work, done=done) or page(
        "accounts/operator/authorise.html",
        form=form,
        organisation=organisation,
        letters=files_of(session, "organisation", organisation.id, appointing.LETTER_KIND),
    )


@bp.get("/operator/disputes")
@for_roles(Role.SYSTEM_ADMIN)
def operator_disputes() -> ResponseReturnValue:
    return page("accounts/operator/disputes.html", rows=offers.disputes(reading_session()))


@bp.route("/operator/disputes/<key>", methods=["GET", "POST"])
@for_roles(Role.SYSTEM_ADMIN)
def operator_dispute(key: str) -> ResponseReturnValue:
    row = offers.request_row(reading_session(), key)
    form = inside.SettleForm()

    def work(uow: UnitOfWork) -> str:
        upheld = form.decision.data == "upheld"
        memberships.settle_dispute(uow, request=key, upheld=upheld, reason=form.reason.data)
        return url_for(".operator_disputes")

    members = parties.members_with(reading_session(), row.organisation_id)
    done = _("The dispute is decided. Both sides are told.")
    return submit(form, work, done=done) or page(
        "accounts/operator/dispute.html", form=form, row=row, members=members
    )


@bp.route("/operator/people", methods=["GET", "POST"])
@for_roles(Role.SECURITY_ADMIN)
def operator_people() -> ResponseReturnValue:
    form = inside.PersonForm()

    def work(uow: UnitOfWork) -> str:
        found = parties.find_user(uow.session, form.email.data or "")
        if found is None and form.mobile.data:
            found = parties.find_by_mobile(uow.session, form.mobile.data)
        if found is None:
            raise Refused("account.unknown_person", field="email")
        return url_for(".operator_person", key=found.public_id)

    return submit(form, work) or page("accounts/operator/people.html", form=form)


@bp.route("/operator/people/<key>", methods=["GET", "POST"])
@for_roles(Role.SECURITY_ADMIN)
def operator_person(key: str) -> ResponseReturnValue:
    account = parties.account(reading_session(), key)
    form = inside.SecureForm()

    def work(uow: UnitOfWork) -> str:
        if form.act.data == "free_mobile":
            credentials.free_mobile(uow, user=key, reason=form.reason.data)
        else:
            credentials.secure_account(uow, user=key, act=form.act.data, at=real_now())
        return url_for(".operator_person", key=key)

    return submit(form, work, done=_("Done, and recorded.")) or page(
        "accounts/operator/person.html",
        form=form,
        account=account,
        mobile=last_four(account.mobile),
        memberships=parties.memberships_of(reading_session(), account.id),
    )
