"""Kinds of qualification for tests: added, changed, ended, asked for and held."""

from marketplace.catalogue.services import kinds, put_item_version_in_force
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions.services import papers
from marketplace.kernel.actors import Actor
from tests.dossiers import OPEN_ITEM, a_certificate, a_scan, act, start

KIND = "geological_survey"
LEVELS = [["甲级", "Grade A"], ["乙级", "Grade B"]]
SAID = {
    "name": "地质勘查资质",
    "name_en": "Geological survey qualification",
    "levels": LEVELS,
    "specialties": [["水文地质", "Hydrogeology"]],
}


def add(**changes):
    said = {"code": KIND, "reason": "某发〔2026〕3号"} | SAID | changes
    return lambda uow: kinds.add_kind(uow, **said)


def put(seen=1, reason="改名", **changes):
    return lambda uow: kinds.put_kind_in_force(uow, code=KIND, seen=seen, reason=reason, **changes)


def end(seen=1, code=KIND):
    return lambda uow: kinds.end_kind(uow, code=code, seen=seen, reason="不再设立")


def require(kind=KIND, level="乙级", item=OPEN_ITEM):
    need = {"kind": kind, "level_at_least": level, "specialty": ""}
    return lambda uow: put_item_version_in_force(
        uow, code=item, requirements={"all_of": [need], "any_of": [], "basis": "law"}
    )


def certificate(**changes):
    said = {"kind": KIND, "level": "乙级", "specialty": "水文地质"}
    return a_certificate(**(said | changes))


def enter(uow: UnitOfWork, institution: int, **changes: object) -> None:
    """A certificate of the kind is entered."""
    papers.add_qualification(
        uow, institution_id=institution, certificate=certificate(**changes), scan=a_scan()
    )


def hold(agent: Actor, **changes: object) -> None:
    """The institution of an agent drafts a certificate of the kind."""
    row = start(agent)
    act(agent, lambda uow: enter(uow, row, **changes))


def rename(uow: UnitOfWork, number: int) -> None:
    """A name of this number, going on from the first version."""
    put(1, name=f"第{number}次改名")(uow)


def end_first(uow: UnitOfWork) -> None:
    """The kind ends, going on from the first version."""
    end(1)(uow)


def require_it(uow: UnitOfWork) -> None:
    """An item asks for the kind."""
    require()(uow)
