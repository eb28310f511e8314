"""The checklist of a case: made from its kind, its item and the records frozen in it.

A point about one record carries the record's id in its key (`certificate:17`), so that each
certificate is answered for itself and a corrected one is answered anew.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from marketplace.vetting.rules.states import CaseKind, Result, Stage

# Points about the dossier as a whole: (code, the kind of evidence it rests on).
_WHOLE: dict[Stage, tuple[tuple[str, str], ...]] = {
    Stage.COMPLETENESS: (
        ("profile", "facts"),
        ("affiliations", "facts"),
        ("practitioners", "practitioner"),
        ("terms", "terms"),
        ("undertaking", "undertaking"),
    ),
    Stage.SUBSTANCE: (
        ("identity", "facts"),
        ("conflict", "facts"),
        ("requirement", "qualification"),
        ("practitioners_registered", "practitioner"),
        ("promised_days", "terms"),
    ),
}
# Asked where the whole dossier is judged; a change or a renewal is asked about what it brings.
_WHOLE_DOSSIER = frozenset({CaseKind.ADMISSION, CaseKind.READMISSION})

# Points asked of each record of a kind.
_EACH: dict[Stage, tuple[tuple[str, str], ...]] = {
    Stage.COMPLETENESS: (
        ("authorisation", "authorisation"),
        ("scan", "qualification"),
    ),
    Stage.SUBSTANCE: (("certificate", "qualification"),),
}


@dataclass(frozen=True, order=True)
class Evidence:
    """One record, in the version the case judges."""

    kind: str
    record_id: int


@dataclass(frozen=True)
class Point:
    """One question of the checklist."""

    code: str
    stage: Stage
    rests_on: str
    record_id: int | None = None

    @property
    def key(self) -> str:
        """How the answer is stored: the code, and the record where the point is about one."""
        return self.code if self.record_id is None else f"{self.code}:{self.record_id}"


def checklist(
    kind: CaseKind, evidence: Iterable[Evidence], *, has_requirements: bool
) -> tuple[Point, ...]:
    """All points of a case, completeness first.

    `has_requirements` says whether the item asks for a qualification; where the law names none,
    there is no point about it.
    """
    frozen = sorted(set(evidence))
    brought = {one.kind for one in frozen}
    points: list[Point] = []
    for stage in Stage:
        points += [
            Point(code, stage, rests_on)
            for code, rests_on in _WHOLE[stage]
            if (kind in _WHOLE_DOSSIER or rests_on in brought)
            and (has_requirements or code != "requirement")
        ]
        points += [
            Point(code, stage, rests_on, one.record_id)
            for code, rests_on in _EACH[stage]
            for one in frozen
            if one.kind == rests_on
        ]
    if kind is CaseKind.READMISSION:
        points.append(Point("rectification", Stage.SUBSTANCE, "facts"))
    return tuple(points)


def open_points(points: Sequence[Point], answers: Mapping[str, Result]) -> tuple[Point, ...]:
    """The points without an answer."""
    return tuple(point for point in points if point.key not in answers)


def not_ok_points(points: Sequence[Point], answers: Mapping[str, Result]) -> tuple[Point, ...]:
    """The points answered with "not in order"."""
    return tuple(point for point in points if answers.get(point.key) is Result.NOT_OK)


def answer_that_holds(
    point: Point, before: Mapping[Evidence, Hashable], after: Mapping[Evidence, Hashable]
) -> str | None:
    """The key under which the answer before a correction still holds for the point, if it does.

    `before` and `after` give the contents of the records of both rounds: a version that says the
    same as the one before is the same record to the examiner. Whatever changed is looked at again.
    """
    kind = point.rests_on
    if point.record_id is None:
        then = Counter(said for one, said in before.items() if one.kind == kind)
        now = Counter(said for one, said in after.items() if one.kind == kind)
        return point.key if then and then == now else None
    content = after[Evidence(kind, point.record_id)]
    for one, said in before.items():
        if one.kind == kind and said == content:
            return Point(point.code, point.stage, kind, one.record_id).key
    return None
