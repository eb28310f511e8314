"""The desk of an institution: its applications and its listings."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.desks.views.parts.shapes import Desk, Job
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules.market import ListingState
from marketplace.kernel.actors import Actor
from marketplace.kernel.times import local_date
from marketplace.vetting import queries as vetting
from marketplace.web.wording import label
from marketplace.web.words import local_name


def institution_desk(session: Session, actor: Actor, now: datetime) -> Desk:
    today = local_date(now)
    row = institutions.my_institution(session, actor.organisation_id or 0)
    if row is None:
        begin = Job(_("Begin the dossier of your institution"), url_for("institutions.dossier"))
        return Desk((begin,), ())
    listings = institutions.listings_of(session, row.id)
    cases = vetting.cases_of(session, actor.organisation_id or 0, today)
    jobs = [_to_correct(case) for case in cases if case.owes == case.organisation_id]
    names = {item.code: local_name(item) for item in catalogue.items(session)}
    for listing in listings:
        if listing.state == ListingState.DRAFT:
            jobs.append(_to_finish(names[listing.item_code]))
        elif listing.state == ListingState.SUSPENDED:
            jobs.append(_to_mend(listing, names[listing.item_code], cases))
    if not listings:
        jobs.append(Job(_("Choose the items you want to offer"), url_for("institutions.listings")))
    return Desk(tuple(jobs), (), cases=cases, listings=listings)


def _to_correct(case: vetting.CaseRow) -> Job:
    """The association's clock stands meanwhile; the light is that of the applicant's own time."""
    return Job(
        _("Correct application %(number)s", number=case.number),
        url_for("vetting.correct", case_id=case.public_id),
        case.due_light,
        case.due_on,
        local_name(case.item),
    )


def _to_finish(item: str) -> Job:
    return Job(
        _("Finish and submit the application for “%(item)s”", item=item),
        url_for("institutions.dossier"),
    )


def _to_mend(
    listing: institutions.ListingRow, item: str, cases: tuple[vetting.CaseRow, ...]
) -> Job:
    """Where the cause is mended; while the association has the renewal, where that stands."""
    kinds = [ground.kind.value for ground in listing.open_grounds]
    grounds = "、".join(label(f"ground.{kind}") for kind in kinds)
    renewals = [
        case for case in cases if case.kind == "renewal" and case.owes == case.association_id
    ]
    if kinds == ["expiry"] and renewals:
        return Job(
            _("“%(item)s” is suspended until the renewed certificate is vetted", item=item),
            url_for("vetting.application", case_id=renewals[0].public_id),
            note=grounds,
        )
    page = "institutions.qualifications" if "expiry" in kinds else "institutions.listings"
    words = _("“%(item)s” is suspended: lift the cause", item=item)
    return Job(words, url_for(page), "red", note=grounds)
