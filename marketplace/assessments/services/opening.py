"""Opening a removal case: by the platform's rules, or by the association with reasons."""

from dataclasses import dataclass
from typing import Any, Protocol

from marketplace.assessments import policy, queries
from marketplace.assessments.events import RemovalEvent, RemovalOpened
from marketplace.assessments.models import RemovalCase
from marketplace.assessments.rules import RemovalState
from marketplace.assessments.services import working
from marketplace.infra.files import store_upload
from marketplace.infra.numbers import next_number
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules import LISTED, RemovalCause
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import local_date
from marketplace.vetting import queries as vetting


class Evidence(Protocol):
    """An uploaded file: the name the browser gave and the bytes."""

    @property
    def name(self) -> str: ...
    @property
    def data(self) -> bytes: ...


@dataclass(frozen=True)
class Ref:
    """A record that was just made."""

    id: int
    public_id: str
    number: str


def open_removal_case(
    uow: UnitOfWork,
    *,
    listing: int | str,
    cause: RemovalCause,
    facts: str,
    evidence: Evidence | None = None,
    assessment_id: int | None = None,
) -> Ref:
    """Open a case; the listing keeps its state until the decision.

    Refuses `removal.not_in_market`, `removal.open_already`, `assessment.not_competent`,
    `assessment.words_needed`.
    """
    row = institutions.listing(uow.session, listing)
    association_id = vetting.competent_association(uow.session, row.item_code, row.region_code)
    if association_id is None:
        raise Refused("vetting.no_association")
    policy.may_open_removal(uow.actor, association_id).require()
    if row.state not in LISTED:
        raise Refused("removal.not_in_market")
    # Taking the number locks its series: of two who open a case at once, one comes second.
    number = next_number(uow.session, "QT", local_date(uow.now).year)
    if queries.open_removal(uow.session, row.id) is not None:
        raise Refused("removal.open_already")
    case = uow.add(
        RemovalCase(
            number=number,
            state=RemovalState.OPENED,
            listing_id=row.id,
            organisation_id=row.organisation_id,
            association_id=association_id,
            item_code=row.item_code,
            assessment_id=assessment_id,
            cause=cause,
            facts=working.required(facts, "facts"),
            opened_at=uow.now,
            opened_by=uow.actor.user_id,
        )
    )
    if evidence is not None:
        keep_file(uow, case, "evidence", evidence)
    record(uow, case, RemovalOpened, cause=cause)
    return Ref(case.id, case.public_id, case.number)


def keep_file(uow: UnitOfWork, case: RemovalCase, kind: str, file: Evidence) -> None:
    """Keep a file of the case."""
    store_upload(
        uow,
        owner_kind="removal_case",
        owner_id=case.id,
        kind=kind,
        name=file.name,
        data=file.data,
        field="evidence",
    )


def record(uow: UnitOfWork, case: RemovalCase, event: type[RemovalEvent], **facts: Any) -> None:
    """Record an event of a removal case."""
    uow.record(
        event(
            subject_id=case.id,
            association_id=case.association_id,
            organisation_id=case.organisation_id,
            listing_id=case.listing_id,
            **facts,
        )
    )
