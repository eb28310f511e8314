"""What the association saw at an institution: the optional part of the score, and veto facts."""

from dataclasses import dataclass
from decimal import Decimal

from marketplace.assessments import policy
from marketplace.assessments.events import InspectionRecorded
from marketplace.assessments.rules import FULL_INSPECTION, Veto
from marketplace.assessments.services import working
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused


@dataclass(frozen=True)
class Inspection:
    """Points from 0 to 10 with one decimal (None: not inspected), and what was seen.

    A veto fact gives grade D by itself and needs its reasons.
    """

    points: Decimal | None
    words: str = ""
    veto: Veto | None = None
    veto_reason: str = ""


def record_inspection(uow: UnitOfWork, *, assessment: int | str, seen: Inspection) -> None:
    """Write an inspection down, or change it, while the facts are not frozen.

    Refuses `assessment.facts_frozen`, `assessment.points_of_ten`, `assessment.words_needed`.
    """
    held, row, standing = working.lock_assessment(uow, assessment)
    policy.may_inspect(uow.actor, standing).require()
    if seen.points is not None:
        if not 0 <= seen.points <= FULL_INSPECTION or seen.points * 10 != int(seen.points * 10):
            raise Refused("assessment.points_of_ten", field="points")
        row.inspection_words = working.required(seen.words, "words")
    row.inspection_tenths = None if seen.points is None else int(seen.points * 10)
    row.veto = "" if seen.veto is None else seen.veto
    row.veto_reason = (
        "" if seen.veto is None else working.public_words(seen.veto_reason, "veto_reason")
    )
    row.inspected_by, row.inspected_at = working.acting_user(uow), uow.now
    working.record(uow, held, row, InspectionRecorded)
