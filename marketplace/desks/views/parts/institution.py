"""The desk of an institution: its applications and its listings."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.catalogue.forms import item_name
from marketplace.desks.views.parts.jobs import owed_desk
from marketplace.desks.views.parts.shapes import Desk, Job, joined
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules.market import ListingState
from marketplace.kernel.actors import Actor
from marketplace.kernel.times import local_date
from marketplace.vetting.queries import lists as cases
from marketplace.web.wording import label


def institution_desk(session: Session, actor: Actor, now: datetime) -> Desk:
    own, today = actor.organisation_id or 0, local_date(now)
    row = institutions.my_institution(session, own)
    if row is None:
        begin = Job(_("Begin the dossier of your institution"), url_for("institutions.dossier"))
        return Desk((begin,))
    owed = cases.owed_by_applicant(session, own, today)
    corrections = owed_desk(owed, _("My applications"), url_for("vetting.applications"))
    listings = institutions.listings_of(session, row.id)
    renewal = cases.renewal_at_work(session, own)
    jobs = []
    for listing in listings:
        if listing.state == ListingState.DRAFT:
            jobs.append(_to_finish(item_name(listing.item_code)))
        elif listing.state == ListingState.SUSPENDED:
            jobs.append(_to_mend(listing, renewal))
    if not listings:
        jobs.append(Job(_("Choose the items you want to offer"), url_for("institutions.listings")))
    latest = cases.latest_cases(session, own, today)
    return joined((corrections, Desk(tuple(jobs), cases=latest, listings=listings)))


def _to_finish(item: str) -> Job:
    return Job(
        _("Finish and submit the application for “%(item)s”", item=item),
        url_for("institutions.dossier"),
    )


def _to_mend(listing: institutions.ListingRow, renewal: str | None) -> Job:
    """Where the cause is mended; while the association has the renewal, where that stands."""
    item = item_name(listing.item_code)
    kinds = [ground.kind.value for ground in listing.open_grounds]
    grounds = "、".join(label(f"ground.{kind}") for kind in kinds)
    if renewal is not None and kinds == ["expiry"]:
        return Job(
            _("“%(item)s” is suspended until the renewed certificate is vetted", item=item),
            url_for("vetting.application", case_id=renewal),
            note=grounds,
        )
    page = "institutions.qualifications" if "expiry" in kinds else "institutions.listings"
    words = _("“%(item)s” is suspended: lift the cause", item=item)
    return Job(words, url_for(page), "red", note=grounds)
