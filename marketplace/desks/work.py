"""What is mine to do now, and by when: gathered for each capacity of the organisation acted for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.infra.outbox.queue import outbox_state
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules import ListingState
from marketplace.kernel.actors import Actor, Capacity, Role
from marketplace.kernel.times import local_date
from marketplace.vetting import queries as vetting
from marketplace.web.wording import label
from marketplace.web.words import local_name


@dataclass(frozen=True)
class Job:
    """One thing to do: words, where, by when, and its light."""

    text: str
    address: str
    light: str = "none"
    due: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A number with a link to what it counts."""

    value: int
    label: str
    address: str
    light: str = ""


@dataclass(frozen=True)
class Desk:
    """The home page of one membership."""

    jobs: tuple[Job, ...]
    figures: tuple[Figure, ...]
    cases: tuple[Any, ...] = ()
    listings: tuple[Any, ...] = ()


_LIGHT_ORDER = {"red": 0, "yellow": 1, "green": 2, "paused": 3, "none": 4}


def desk(session: Session, actor: Actor, now: datetime) -> Desk:
    """Everything that waits for the actor, most urgent first."""
    parts = [gather(session, actor, now) for fits, gather in _PARTS if fits(actor)]
    jobs = [job for part in parts for job in part.jobs]
    jobs.sort(key=lambda job: (_LIGHT_ORDER[job.light], job.due or date.max))
    return Desk(
        tuple(jobs),
        tuple(figure for part in parts for figure in part.figures),
        tuple(case for part in parts for case in part.cases),
        tuple(listing for part in parts for listing in part.listings),
    )


def _institution(session: Session, actor: Actor, now: datetime) -> Desk:
    today = local_date(now)
    row = institutions.my_institution(session, actor.organisation_id or 0)
    if row is None:
        begin = Job(_("Begin the dossier of your institution"), url_for("institutions.dossier"))
        return Desk((begin,), ())
    listings = institutions.listings_of(session, row.id)
    cases = vetting.cases_of(session, actor.organisation_id or 0, today)
    jobs = [_to_correct(session, case, today) for case in cases if case.owes == "applicant"]
    names = {item.code: local_name(item) for item in catalogue.items(session)}
    for listing in listings:
        if listing.state == ListingState.DRAFT:
            jobs.append(_to_finish(names[listing.item_code]))
        elif listing.state == ListingState.SUSPENDED:
            jobs.append(_to_mend(listing, names[listing.item_code], cases))
    if not listings:
        jobs.append(Job(_("Choose the items you want to offer"), url_for("institutions.listings")))
    return Desk(tuple(jobs), (), cases=cases, listings=listings)


def _to_correct(session: Session, case: vetting.CaseRow, today: date) -> Job:
    """The association's clock stands meanwhile; the light is that of the applicant's own time."""
    return Job(
        _("Correct application %(number)s", number=case.number),
        url_for("vetting.correct", case_id=case.public_id),
        _light(session, case.due_on, today),
        case.due_on,
        local_name(case.item),
    )


def _light(session: Session, due: date | None, today: date) -> str:
    """Red after the due day, yellow from the rulebook's working days before it, else green."""
    if due is None:
        return "none"
    if today > due:
        return "red"
    left = catalogue.calendar(session).workdays_between(today, due)
    return "yellow" if left <= catalogue.rule(session, "clock.yellow_days", today) else "green"


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
    renewals = [case for case in cases if case.kind == "renewal" and case.owes == "association"]
    if kinds == ["expiry"] and renewals:
        return Job(
            _("“%(item)s” is suspended until the renewed certificate is vetted", item=item),
            url_for("vetting.application", case_id=renewals[0].public_id),
            note=grounds,
        )
    page = "institutions.qualifications" if "expiry" in kinds else "institutions.listings"
    words = _("“%(item)s” is suspended: lift the cause", item=item)
    return Job(words, url_for(page), "red", note=grounds)


def _association(session: Session, actor: Actor, now: datetime) -> Desk:
    organisation, user = actor.organisation_id or 0, actor.user_id or 0
    today = local_date(now)
    load = vetting.workload(session, organisation, user, today)
    figures = (
        Figure(load.mine, _("Cases in my hands"), _queue(whose="mine")),
        Figure(load.waiting, _("Waiting for an examiner"), _queue(whose="waiting")),
        Figure(load.to_decide, _("Waiting for a decision"), _queue(whose="decide")),
        Figure(load.returned, _("With the applicant"), _queue(state="returned")),
        Figure(load.overdue, _("Overdue"), _queue(due="overdue")),
    )
    asked = vetting.QueueFilter()
    page = vetting.queue(session, organisation, asked, user_id=user, today=today)
    jobs = tuple(_to_examine(case) for case in page.rows if _is_mine(case, actor))
    return Desk(jobs, figures)


def _queue(**wanted: str) -> str:
    return f"{url_for('vetting.queue')}?{urlencode(wanted)}"


def _is_mine(case: vetting.CaseRow, actor: Actor) -> bool:
    """My own open cases; unclaimed ones for examiners; proposals for approvers."""
    if case.owes != "association":
        return False
    if case.state == "proposed":
        return actor.has(Role.ASSOCIATION_APPROVER)
    return case.mine or (case.examiner_id is None and actor.has(Role.ASSOCIATION_EXAMINER))


def _to_examine(case: vetting.CaseRow) -> Job:
    words = {
        "received": _("Take up case %(number)s", number=case.number),
        "proposed": _("Decide case %(number)s", number=case.number),
    }
    return Job(
        words.get(case.state, _("Examine case %(number)s", number=case.number)),
        url_for("vetting.case", case_id=case.public_id),
        case.light,
        case.due_on,
        f"{case.applicant_name} · {local_name(case.item)}",
    )


def _operator(session: Session, _actor: Actor, _now: datetime) -> Desk:
    state = outbox_state(session)
    deliveries = url_for("backoffice.index")
    jobs = []
    if state.parked:
        words = _("%(count)s parked deliveries: replay or skip them", count=state.parked)
        jobs.append(Job(words, deliveries, "red"))
    figures = (
        Figure(state.pending, _("Deliveries waiting"), deliveries),
        Figure(state.parked, _("Deliveries parked"), deliveries, "red" if state.parked else ""),
    )
    return Desk(tuple(jobs), figures)


_PARTS: tuple[tuple[Callable[[Actor], bool], Callable[[Session, Actor, datetime], Desk]], ...] = (
    (lambda actor: actor.is_a(Capacity.INSTITUTION), _institution),
    (lambda actor: actor.is_a(Capacity.ASSOCIATION), _association),
    (lambda actor: actor.has(Role.SYSTEM_ADMIN), _operator),
)
