"""What institutions in the market, and the authorities, do beside applications."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from marketplace.catalogue import queries as catalogue
from marketplace.demo.casework import About
from marketplace.demo.coining import address
from marketplace.demo.dossiers import certificate_scan
from marketplace.demo.stage import Stage
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions.rules.market import GroundKind
from marketplace.institutions.services import describing, grounds, offering, papers
from marketplace.kernel.times import local_date

_RENEWED_FOR = timedelta(days=3 * 365)


def draft_change(about: About, stage: Stage, uow: UnitOfWork) -> None:
    """Draft the move to another office."""
    plan = about.plan
    region = catalogue.regions(uow.session).path(plan.region_code).replace(" ", "")
    describing.save_profile(
        uow,
        institution_id=stage.institution(uow.session, plan),
        said=plan.licence(address(Random(plan.number), region)),
    )


def draft_renewal(about: About, stage: Stage, uow: UnitOfWork) -> None:
    """Draft the renewed certificate with its scan."""
    plan, old = about.plan, about.plan.certificates[0]
    begins = (old.valid_to or local_date(uow.now)) + timedelta(days=1)
    renewed = replace(
        old,
        certificate_number=f"SF{begins.year}-2299-{plan.number:04d}",
        valid_from=begins,
        valid_to=begins + _RENEWED_FOR,
    )
    papers.renew_qualification(
        uow,
        qualification_id=stage.certificate(uow.session, plan).public_id,
        certificate=renewed,
        scan=certificate_scan(plan, renewed),
    )


def pause(about: About, stage: Stage, uow: UnitOfWork) -> None:
    """Step aside with the first listing for a while."""
    listing = stage.listing(uow.session, about.plan, about.item)
    reason = "技术负责人产假，暂停承接新委托，在办委托照常办理。"
    grounds.pause_listing(uow, listing_id=listing, reason=reason)


def resume(about: About, stage: Stage, uow: UnitOfWork) -> None:
    """Take commissions again."""
    listing = stage.listing(uow.session, about.plan, about.item)
    grounds.resume_listing(uow, listing_id=listing)


def leave(about: About, stage: Stage, uow: UnitOfWork) -> None:
    """Leave the market with a listing."""
    listing = stage.listing(uow.session, about.plan, about.item)
    offering.withdraw_listing(uow, listing_id=listing)


def measure(about: About, stage: Stage, uow: UnitOfWork) -> None:
    """The supervisor suspends a listing while a report is looked into."""
    listing = stage.listing(uow.session, about.plan, about.item)
    reason = "收到实名举报，涉嫌超出公示收费标准收费，核查期间暂停。"
    grounds.open_ground(uow, listing_id=listing, kind=GroundKind.INTERIM, reason=reason)
