"""How the events of assessments are told."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.queries import people_with
from marketplace.assessments import events
from marketplace.assessments.policy import JUDGES
from marketplace.assessments.queries import cycles, removals, sheets
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import Message, Silent, kept, news, told
from marketplace.kernel.actors import Role

_AGENTS = (Role.INSTITUTION_AGENT, Role.ORGANISATION_ADMIN)
_APPROVERS = (Role.ASSOCIATION_APPROVER,)


def _assessed(session: Session, record: EventRecord) -> list[Message]:
    """The institution, about the assessment of one of its listings."""
    found = sheets.assessed(session, record.subject_id)
    people = people_with(session, found.organisation_id, _AGENTS)
    details = {**record.payload, "number": found.number, "item": found.item_code}
    return [Message(people, found.organisation_id, f"/my/assessments/{found.public_id}", details)]


def _assessor(session: Session, record: EventRecord) -> list[Message]:
    """The association, about the assessment of a listing."""
    found = sheets.assessed(session, record.subject_id)
    house = found.association_id if found.judge_id is None else found.judge_id
    people = people_with(session, house, JUDGES, but=record.actor_user_id)
    details = {**record.payload, "number": found.number, "item": found.item_code}
    address = f"/assessments/sheets/{found.public_id}"
    return [Message(people, house, address, details)]


def _all_assessed(session: Session, record: EventRecord) -> list[Message]:
    """Every institution in a cycle."""
    row = cycles.cycle(session, record.subject_id)
    details = {**record.payload, "number": row.number}
    return [
        Message(people_with(session, key, _AGENTS), key, "/my/assessments", details)
        for key in cycles.organisations_in(session, row.id)
    ]


def _approvers(session: Session, record: EventRecord) -> list[Message]:
    """Those who make the grades of a cycle final."""
    row = cycles.cycle(session, record.subject_id)
    people = people_with(session, row.association_id, _APPROVERS, but=record.actor_user_id)
    details = {**record.payload, "number": row.number}
    return [Message(people, row.association_id, f"/assessments/{row.public_id}", details)]


def _removed(session: Session, record: EventRecord) -> list[Message]:
    """The institution, about a removal case it was told of."""
    found = removals.party(session, record.subject_id)
    people = people_with(session, found.organisation_id, _AGENTS)
    details = {**record.payload, "number": found.number, "item": found.item_code}
    return [Message(people, found.organisation_id, f"/my/removals/{found.public_id}", details)]


def _remover(session: Session, record: EventRecord) -> list[Message]:
    """The association, about a removal case of its own."""
    found = removals.party(session, record.subject_id)
    people = people_with(session, found.association_id, JUDGES, but=record.actor_user_id)
    details = {**record.payload, "number": found.number, "item": found.item_code}
    return [Message(people, found.association_id, f"/removals/{found.public_id}", details)]


def _facts_taken(payload: Mapping[str, Any]) -> str:
    return str(gettext("%(frozen)s of %(listings)s by then.", **payload))


def _taken_in(payload: Mapping[str, Any]) -> str:
    return str(gettext("%(listings)s by then.", **payload))


def _scores_reckoned(payload: Mapping[str, Any]) -> str:
    return str(gettext("%(scored)s of %(listings)s by then.", **payload))


def _grades_written(payload: Mapping[str, Any]) -> str:
    return str(gettext("%(written)s of %(listings)s by then.", **payload))


NEWS = news(
    kept(events.CycleBegun, history=_("The assessment of the year was begun.")),
    kept(
        events.ListingsTakenIn,
        more=_taken_in,
        history=_("Listings were taken into the assessment of the year."),
    ),
    kept(events.CycleOpened, history=_("The assessment of the year was opened.")),
    kept(events.CutOffBegun, history=_("The freezing of the year's facts was begun.")),
    kept(
        events.FactsTaken,
        more=_facts_taken,
        history=_("Facts of listings of the year were frozen."),
    ),
    kept(events.CycleCutOff, history=_("The facts of the year were frozen.")),
    kept(events.ScoringBegun, history=_("The reckoning of the scores was begun.")),
    kept(
        events.ScoresReckoned,
        more=_scores_reckoned,
        history=_("Scores of listings of the year were reckoned."),
    ),
    kept(events.CycleScored, history=_("The scores were reckoned.")),
    told(
        events.PreliminaryPublished,
        history=_("The preliminary grades were published."),
        to=(_all_assessed,),
        subject=_("The preliminary grades of %(year)s are public"),
        text=_(
            "Look at your points and how they were reckoned. You can object until "
            "%(objection_until)s."
        ),
        notice="grades_preliminary",
    ),
    told(
        events.ObjectionsEnded,
        history=_("The time for objections ended."),
        to=(_approvers,),
        subject=_("The grades of %(year)s can become final"),
        text=_(
            "The time for objections is over. Decide those that are open, then make the grades "
            "final."
        ),
    ),
    kept(events.GradesConfirmed, history=_("The grades were confirmed as final.")),
    kept(
        events.GradesWritten,
        more=_grades_written,
        history=_("Final grades were written on the listings."),
    ),
    kept(events.CycleFinal, history=_("The grades became final."), notice="grades_final"),
    kept(events.ObjectionDayMoved, history=_("The working calendar changed, and the day moved.")),
    kept(events.InspectionRecorded, history=_("An inspection was written down.")),
    told(
        events.AssessmentObjectionFiled,
        history=_("The institution objected to its grade."),
        to=(_assessor,),
        subject=_("An objection to a grade of %(year)s"),
        text=_(
            "The institution objects to its grade for “%(item)s”. Another person decides about it."
        ),
    ),
    told(
        events.AssessmentObjectionDecided,
        history=_("The objection to the grade was decided."),
        to=(_assessed,),
        subject=_("Your objection to a grade of %(year)s is decided"),
        text=_("The decision for “%(item)s” stands on the score sheet with its reasons."),
    ),
    told(
        events.AssessmentFinal,
        history=_("The grade became final."),
        to=(_assessed,),
        subject=_("Your grade of %(year)s is final"),
        text=_("The points and the grade for “%(item)s” stand on the score sheet."),
    ),
    told(
        events.RectificationNoticed,
        history=_("A notice to rectify was given."),
        to=(_assessed,),
        subject=_("Please rectify: grade C of %(year)s"),
        text=_("Put right what cost you points for “%(item)s”; the score sheet shows it."),
    ),
    told(
        events.RemovalOpened,
        history=_("A removal case was opened."),
        to=(_remover,),
        subject=_("Removal case %(number)s was opened"),
        text=_("It is about “%(item)s”. Tell the institution next."),
    ),
    told(
        events.RemovalNotified,
        history=_("The institution was told and asked for its reply."),
        to=(_removed,),
        subject=_("Removal case %(number)s: please reply"),
        text=_(
            "It is looked at whether “%(item)s” is removed from the market. Reply by %(reply_by)s."
        ),
    ),
    told(
        events.InterimTaken,
        history=_("An interim measure was taken."),
        to=(_remover,),
        subject=_("Removal case %(number)s: interim measure"),
        text=_("“%(item)s” is suspended until the decision."),
    ),
    told(
        events.RemovalHeard,
        history=_("The institution was heard."),
        to=(_remover,),
        subject=_("Removal case %(number)s: a decision can be proposed"),
        text=_("The institution was heard about “%(item)s”, or let its time pass."),
    ),
    told(
        events.RemovalRepliedLate,
        history=_("The institution replied after its time."),
        to=(_remover,),
        subject=_("Removal case %(number)s: a late reply"),
        text=_("The institution has replied about “%(item)s” after its time."),
    ),
    told(
        events.RemovalProposed,
        history=_("A decision was proposed."),
        to=(_remover,),
        subject=_("Removal case %(number)s waits for a decision"),
        text=_("A decision about “%(item)s” is proposed. Another person decides."),
        inner=True,
    ),
    told(
        events.RemovalSentBack,
        history=_("The proposal was sent back."),
        to=(_remover,),
        subject=_("Removal case %(number)s was sent back"),
        text=_("The proposal about “%(item)s” was not followed; the reason stands in the case."),
        inner=True,
    ),
    told(
        events.RemovalDecided,
        history=_("The case was decided."),
        to=(_removed, _remover),
        subject=_("Removal case %(number)s is decided"),
        text=_("The decision about “%(item)s” stands in the case with its reasons."),
    ),
    kept(events.RemovalPublished, history=_("The decision was published.")),
    kept(events.ReplyDayMoved, history=_("The working calendar changed, and the day moved.")),
    kept(events.PlanBegun, history=_("The plan to rectify was begun.")),
    kept(events.PlanStepDone, history=_("A point of the plan was done.")),
    kept(events.PlanSubmitted, history=_("Re-admission was applied for with the plan.")),
    platform=Silent("it follows engagements only"),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
    because="nobody has to act on it",
)
