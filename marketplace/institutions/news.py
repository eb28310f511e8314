"""How the events of institutions are told."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.queries import people_with
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import TOLD, Message, Silent, Tone, kept, news, told
from marketplace.institutions import events
from marketplace.institutions.queries import market, seen
from marketplace.kernel.actors import Role
from marketplace.web.wording import label

_AGENTS = (Role.INSTITUTION_AGENT, Role.ORGANISATION_ADMIN)

_SAME = Silent("nothing that is searched changes")


def _ground(payload: Mapping[str, Any]) -> str:
    return label(f"ground.{payload['ground']}")


def _listing(session: Session, record: EventRecord) -> list[Message]:
    """The institution's agents, about one of their listings."""
    row = market.listing(session, record.subject_id)
    details = {"item": row.item_code, **record.payload}
    people = people_with(session, row.organisation_id, _AGENTS)
    return [Message(people, row.organisation_id, "/my/institution", details)]


def _institution(session: Session, record: EventRecord) -> list[Message]:
    """The institution's agents, about the institution itself."""
    row = seen.institution(session, record.subject_id)
    people = people_with(session, row.organisation_id, _AGENTS)
    return [Message(people, row.organisation_id, "/my/institution", dict(record.payload))]


NEWS = news(
    kept(
        events.InstitutionStarted,
        history=_("The dossier was begun."),
        directory=_SAME,
    ),
    kept(
        events.ProfileSaved,
        history=_("The profile was drafted."),
        directory=_SAME,
    ),
    kept(
        events.AffiliationsSaved,
        history=_("Owners or ties to departments were drafted."),
        directory=_SAME,
    ),
    kept(
        events.QualificationSaved,
        history=_("A certificate was drafted."),
        directory=_SAME,
    ),
    kept(
        events.QualificationDropped,
        history=_("A drafted certificate was taken out."),
        directory=_SAME,
    ),
    kept(
        events.PractitionerSaved,
        history=_("A practitioner was drafted."),
        directory=_SAME,
    ),
    kept(
        events.PractitionerRemoved,
        history=_("A practitioner was taken out."),
        directory=_SAME,
    ),
    kept(
        events.UndertakingSigned,
        history=_("The undertaking was signed."),
        directory=_SAME,
    ),
    kept(
        events.AuthorisationUploaded,
        history=_("The letter of authorisation was handed in."),
        directory=_SAME,
    ),
    kept(
        events.ChangeSubmitted,
        history=_("Changed facts were submitted."),
        directory=_SAME,
    ),
    kept(
        events.ChangeReturned,
        history=_("Changed facts were returned for correction."),
        directory=_SAME,
    ),
    kept(
        events.ChangeDropped,
        history=_("Changed facts did not come into force."),
        directory=_SAME,
    ),
    kept(
        events.ChangePutInForce,
        history=_("Changed facts were approved."),
        directory=_SAME,
    ),
    kept(
        events.FactsChanged,
        history=_("New facts of the institution came into force."),
        directory=TOLD,
    ),
    kept(
        events.QualificationsChanged, history=_("New certificates came into force."), directory=TOLD
    ),
    kept(
        events.RenewalSubmitted,
        history=_("A renewed certificate was submitted."),
        directory=_SAME,
    ),
    kept(
        events.RenewalReturned,
        history=_("A renewed certificate was returned for correction."),
        directory=_SAME,
    ),
    kept(
        events.RenewalDropped,
        history=_("A renewed certificate did not come into force."),
        directory=_SAME,
    ),
    told(
        events.QualificationExpiring,
        history=_("A certificate will expire soon."),
        to=(_institution,),
        subject=_("A certificate expires in %(days)s days"),
        text=_(
            "Please add the renewed certificate in time; otherwise the items that "
            "need it are suspended."
        ),
        directory=_SAME,
    ),
    told(
        events.QualificationExpired,
        history=_("A certificate expired."),
        to=(_institution,),
        subject=_("A certificate has expired"),
        text=_("Items that need it are suspended until a renewed certificate has been vetted."),
        directory=TOLD,
    ),
    kept(
        events.PractitionersChanged,
        history=_("New practitioners came into force."),
        directory=_SAME,
    ),
    kept(
        events.ListingDrafted,
        history=_("The application was begun."),
        directory=_SAME,
    ),
    kept(
        events.ListingSubmitted,
        history=_("The application was submitted."),
        directory=_SAME,
    ),
    kept(
        events.ListingUnderReview,
        history=_("The association took the application up."),
        directory=_SAME,
    ),
    kept(
        events.ListingReturned,
        history=_("The application was returned for correction."),
        tone=Tone.WAITING,
        directory=_SAME,
    ),
    kept(
        events.ListingAdmitted,
        history=_("The institution was admitted for the item."),
        tone=Tone.GOOD,
        directory=TOLD,
        notice="admission",
    ),
    kept(
        events.ListingRejected,
        history=_("The application was rejected."),
        tone=Tone.BAD,
        directory=_SAME,
    ),
    kept(
        events.ListingWithdrawn,
        history=_("The application or listing was withdrawn."),
        directory=TOLD,
        notice="withdrawal",
    ),
    kept(
        events.ListingLapsed,
        history=_("The application lapsed without a correction."),
        directory=_SAME,
    ),
    told(
        events.ListingSuspended,
        history=_("The item was suspended."),
        tone=Tone.WAITING,
        more=_ground,
        to=(_listing,),
        subject=_("“%(item)s” is suspended"),
        text=_("It cannot be found or chosen until the ground is mended: %(ground)s."),
        directory=TOLD,
        notice="suspension",
    ),
    told(
        events.ListingReinstated,
        history=_("The item was reinstated."),
        tone=Tone.GOOD,
        to=(_listing,),
        subject=_("“%(item)s” is admitted again"),
        text=_("The last ground of suspension is closed; clients find and choose it again."),
        directory=TOLD,
        notice="reinstatement",
    ),
    kept(
        events.GroundOpened,
        history=_("A reason for suspension arose."),
        more=_ground,
        directory=_SAME,
    ),
    kept(
        events.GroundClosed,
        history=_("A reason for suspension ended."),
        more=_ground,
        directory=_SAME,
    ),
    kept(
        events.TermsSaved,
        history=_("Promised days and price basis were drafted."),
        directory=_SAME,
    ),
    kept(
        events.TermsChanged,
        history=_("Promised days and price basis came into force."),
        directory=TOLD,
    ),
    kept(
        events.ListingRechecked,
        history=_("The certificates behind the item were looked at."),
        directory=_SAME,
    ),
    kept(
        events.ListingRemoved,
        history=_("The item was removed from the market."),
        directory=TOLD,
        notice="removal",
    ),
    kept(
        events.ListingBarred,
        history=_("A removal was decided after the institution had left the market with the item."),
        directory=_SAME,
    ),
    kept(
        events.ListingRectifying,
        history=_("The institution puts right what led to the removal."),
        directory=_SAME,
    ),
    kept(
        events.ListingReadmissionSubmitted,
        history=_("Re-admission was applied for."),
        directory=_SAME,
    ),
    kept(
        events.ListingReadmitted,
        history=_("The institution was admitted again for the item."),
        directory=TOLD,
        notice="readmission",
    ),
    kept(
        events.ListingGraded,
        history=_("The grade of the annual assessment is final."),
        directory=TOLD,
    ),
    platform=Silent("it follows engagements only"),
    notice=Silent("not a public act"),
    because="its own people did it, or its page shows it",
)
