"""How the events of competitions are told."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.queries import people_with
from marketplace.competitions import events
from marketplace.competitions import queries as competitions
from marketplace.competitions.queries import reading
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import Audience, Message, Silent, Tone, kept, news, told
from marketplace.infra.security_log import Kind
from marketplace.kernel.actors import Role
from marketplace.web.wording import label
from marketplace.web.words import yuan

_AGENTS = (Role.INSTITUTION_AGENT, Role.ORGANISATION_ADMIN)


_OFFICERS = (Role.DEPARTMENT_OFFICER,)


_APPROVERS = (Role.DEPARTMENT_APPROVER,)


_BOTH = (*_OFFICERS, *_APPROVERS)


def _row(session: Session, record: EventRecord) -> tuple[competitions.CompetitionRow, Any]:
    row = competitions.competition(session, record.subject_id)
    return row, {"title": row.title, **record.payload, "number": row.number, "item": row.item_code}


def _department(roles: tuple[Role, ...]) -> Audience:
    """The department's people with one of the roles.

    Not whoever acted: what they propose another decides.
    """

    def tell(session: Session, record: EventRecord) -> list[Message]:
        row, details = _row(session, record)
        people = people_with(session, row.department_id, roles, but=record.actor_user_id)
        address = f"/competitions/manage/{row.public_id}"
        return [Message(people, row.department_id, address, details)]

    return tell


def _institution(session: Session, record: EventRecord, organisation_id: int) -> Message:
    row, details = _row(session, record)
    people = people_with(session, organisation_id, _AGENTS)
    return Message(people, organisation_id, f"/competitions/{row.public_id}", details)


def _entrants(session: Session, record: EventRecord) -> list[Message]:
    """The agents of every institution whose bid stands."""
    entered = competitions.entrants(session, record.subject_id)
    return [_institution(session, record, key) for key in entered]


def _asker(session: Session, record: EventRecord) -> list[Message]:
    """The agents of the institution that asked, whether or not it has bid."""
    asker = reading.asker_of(session, record.payload["question_id"])
    return [_institution(session, record, asker)]


def _winner(session: Session, record: EventRecord) -> list[Message]:
    """The agents of the institution the award speaks of."""
    key = record.payload.get("institution_organisation_id")
    if key is None:
        award = competitions.award_of(session, record.subject_id)
        key = award.organisation_id if award else None
    return [] if key is None else [_institution(session, record, key)]


def _award_published(payload: Mapping[str, Any]) -> str:
    return str(
        gettext(
            "Amount %(amount)s yuan, objections until %(day)s.",
            amount=yuan(payload["amount_fen"]),
            day=payload["objection_until"],
        )
    )


def _bids_opened(payload: Mapping[str, Any]) -> str:
    return str(gettext("Bids: %(count)s.", count=payload["bid_count"]))


def _bid_excluded(payload: Mapping[str, Any]) -> str:
    return label(f"bid_cause.{payload['cause']}")


def _competition_failed(payload: Mapping[str, Any]) -> str:
    return label(f"competition_failure.{payload['failure']}")


def _ruled(payload: Mapping[str, Any]) -> str:
    who, what = (label(f"award_{name}.{payload[name]}") for name in ("let_lie", "outcome"))
    return str(gettext("%(who)s The ruling: %(what)s.", who=who, what=what))


def _competition_concluded(payload: Mapping[str, Any]) -> str:
    return str(gettext("Contract: %(amount)s yuan.", amount=yuan(payload["contract_fen"])))


def _award_released(payload: Mapping[str, Any]) -> str:
    return str(
        gettext("The objection was upheld.")
        if payload["upheld"]
        else gettext("The objection was dismissed.")
    )


def _days_moved(payload: Mapping[str, Any]) -> str:
    return str(
        gettext("It was %(old)s and is now %(new)s.", old=payload["due_was"], new=payload["due_on"])
    )


NEWS = news(
    kept(events.CompetitionDrafted, history=_("The notice was drafted."), inner=True),
    kept(events.CompetitionEdited, history=_("The draft was changed."), inner=True),
    told(
        events.CompetitionProposed,
        history=_("The notice was proposed for publication."),
        to=(_department(_APPROVERS),),
        subject=_("Competition %(number)s waits for your decision"),
        text=_("An officer has proposed the notice “%(title)s”. Another person publishes it."),
        inner=True,
    ),
    told(
        events.CompetitionSentBack,
        history=_("The approver sent the notice back."),
        to=(_department(_OFFICERS),),
        subject=_("Competition %(number)s was sent back"),
        text=_(
            "The approver asks for changes of “%(title)s”; the reason stands in the competition."
        ),
        inner=True,
    ),
    told(
        events.CompetitionPublished,
        history=_("The notice was published; budget and item are reserved."),
        to=(_department(_OFFICERS),),
        subject=_("Competition %(number)s is public"),
        text=_("“%(title)s” is open for bids; budget and item are reserved."),
        notice="competition",
    ),
    told(
        events.CompetitionClosed,
        history=_("Sign-up closed."),
        to=(_department(_BOTH),),
        subject=_("Competition %(number)s: sign-up is closed"),
        text=_("Sign-up for “%(title)s” is over. Two people of the department open the bids."),
    ),
    told(
        events.QuestionAsked,
        history=_("A question was asked."),
        to=(_department(_OFFICERS),),
        subject=_("Competition %(number)s: a question"),
        text=_("Somebody asks about “%(title)s”. Please answer before sign-up closes."),
        inner=True,
    ),
    told(
        events.QuestionAnswered,
        history=_("A question was answered for everybody."),
        to=(_asker, _entrants),
        subject=_("Competition %(number)s: a question was answered"),
        text=_("The department has answered a question about “%(title)s”; the answer is public."),
    ),
    kept(events.BidPlaced, history=_("A sealed bid was placed."), inner=True),
    kept(events.BidReplaced, history=_("A sealed bid was replaced."), inner=True),
    kept(events.BidWithdrawn, history=_("A sealed bid was withdrawn."), inner=True),
    told(
        events.OpeningRequested,
        history=_("The opening was requested."),
        to=(_department(_BOTH),),
        subject=_("Competition %(number)s: please confirm the opening"),
        text=_("A colleague asks for the opening of “%(title)s”. Another person confirms it."),
        inner=True,
        security=Kind.KEY,
    ),
    kept(
        events.OpeningWithdrawn,
        history=_("The request for the opening was taken back."),
        inner=True,
    ),
    told(
        events.BidsOpened,
        more=_bids_opened,
        history=_("The bids were opened."),
        to=(_entrants, _department(_BOTH)),
        subject=_("Competition %(number)s: the bids are open"),
        text=_(
            "The bids for “%(title)s” were opened. If your price is marked as very low, please "
            "explain it in time."
        ),
        security=Kind.KEY,
    ),
    told(
        events.PriceJustified,
        history=_("A bidder explained its very low price."),
        to=(_department(_OFFICERS),),
        subject=_("Competition %(number)s: a very low price was explained"),
        text=_("A bidder has explained its price for “%(title)s”. Please judge the explanation."),
        inner=True,
    ),
    kept(
        events.JustificationJudged,
        history=_("The explanation of a very low price was judged."),
        inner=True,
    ),
    kept(events.BidExcluded, more=_bid_excluded, history=_("A bid was excluded."), inner=True),
    kept(events.ScoresRecorded, history=_("Marks were recorded."), inner=True),
    told(
        events.CompetitionEvaluated,
        history=_("The bids were put in order."),
        to=(_department(_APPROVERS),),
        subject=_("Competition %(number)s waits for your decision"),
        text=_("The bids for “%(title)s” are in order. Another person publishes the award."),
    ),
    told(
        events.AwardPublished,
        more=_award_published,
        history=_("The award was published; objections are possible."),
        to=(_entrants, _department(_BOTH)),
        subject=_("Competition %(number)s: the award is published"),
        text=_(
            "The award of “%(title)s” is public; entrants may object until %(objection_until)s."
        ),
        notice="award",
    ),
    told(
        events.AwardHeld,
        history=_("An objection holds the award."),
        to=(_winner, _department(_BOTH)),
        subject=_("Competition %(number)s: an objection"),
        text=_("An objection holds the award of “%(title)s” until it is decided."),
    ),
    told(
        events.AwardReleased,
        more=_award_released,
        history=_("The objection was decided."),
        to=(_winner, _department(_BOTH)),
        subject=_("Competition %(number)s: the objection is decided"),
        text=_("The objection to the award of “%(title)s” is decided; see the competition."),
    ),
    told(
        events.AwardSetAside,
        history=_("The award was set aside."),
        to=(_winner, _department(_BOTH)),
        subject=_("Competition %(number)s: the award was set aside"),
        text=_("The award of “%(title)s” does not hold any more; the reason stands on its page."),
        tone=Tone.BAD,
    ),
    told(
        events.AwardMade,
        history=_("The award holds."),
        to=(_winner, _department(_BOTH)),
        subject=_("Competition %(number)s: the award holds"),
        text=_("“%(title)s” is awarded. The engagement begins with the contract."),
    ),
    told(
        events.WinnerDeclined,
        history=_("The winner declined the award."),
        to=(_department(_BOTH),),
        subject=_("Competition %(number)s: the winner declined"),
        text=_("The next in order of “%(title)s” follows, or the competition fails."),
    ),
    kept(
        events.RulingNoted,
        more=_ruled,
        history=_("The supervising office ruled about the overdue contract."),
    ),
    told(
        events.CompetitionFailed,
        more=_competition_failed,
        history=_("The competition failed; reservation and item were released."),
        to=(_entrants, _department(_BOTH)),
        subject=_("Competition %(number)s failed"),
        text=_("“%(title)s” ended without an award; the reason stands on its public page."),
        tone=Tone.BAD,
        notice="failure",
    ),
    told(
        events.CompetitionCancelled,
        history=_("The competition was cancelled; reservation and item released."),
        to=(_entrants, _department(_BOTH)),
        subject=_("Competition %(number)s was cancelled"),
        text=_("The department called “%(title)s” off; the reason stands on its public page."),
        tone=Tone.BAD,
        notice="cancellation",
    ),
    told(
        events.CompetitionHandedOn,
        history=_("The approval platform named another enterprise for the project."),
        to=(_entrants, _department(_BOTH)),
        subject=_("Competition %(number)s: the project has another enterprise"),
        text=_(
            "The approval platform now names another enterprise for the project of “%(title)s”. "
            "The competition goes on: the department commissions and pays."
        ),
    ),
    told(
        events.CompetitionConcluded,
        more=_competition_concluded,
        history=_("The contract was recorded; the competition is concluded."),
        to=(_department(_BOTH),),
        subject=_("Competition %(number)s is concluded"),
        text=_("The contract for “%(title)s” is recorded and its money committed."),
    ),
    kept(
        events.ObjectionDaysMoved,
        more=_days_moved,
        history=_("The last day of objections moved with the calendar."),
    ),
    kept(
        events.StepDayMoved,
        more=_days_moved,
        history=_("The last day of the next step moved with the calendar."),
        inner=True,
    ),
    platform=Silent("it follows engagements only"),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
    because="nobody may know, or has to act, at that moment",
)
