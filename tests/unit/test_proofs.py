"""Which policies take a second factor or a fresh proof, over all features, and what they then say.

The table is compared whole with what the policies and the tables of acts say of themselves: a new
deciding act is covered by its flag, and a flag that is lost is seen here.
"""

import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from inspect import getmembers, getsource, isfunction, unwrap
from types import CellType, ModuleType

import pytest

import marketplace
from marketplace.kernel.actors import SYSTEM, Actor
from marketplace.kernel.decisions import (
    ALLOWED,
    PROOF_DUE,
    PROOF_FIELD,
    Decision,
    Proof,
    first_refusal,
    proofs_of,
)
from marketplace.kernel.errors import Refused
from marketplace.web.acts import Act
from tests.actors import acting
from tests.tables import rows

FEATURES = [found.name for found in pkgutil.iter_modules(marketplace.__path__) if found.ispkg]
TABLE = {row[0]: row[1:] for row in rows("people/proofs")}
TO_ACT = "account.second_factor_to_act"
PERSON = acting(1, 10, 100)


@cache
def modules(part: str) -> tuple[tuple[str, ModuleType], ...]:
    """The modules of that name of all features, parts of folders among them."""
    return tuple(_modules(part))


def _modules(part: str) -> Iterator[tuple[str, ModuleType]]:
    for feature in FEATURES:
        where = f"marketplace.{feature}"
        if part in [one.name for one in pkgutil.iter_modules(import_module(where).__path__)]:
            module = import_module(f"{where}.{part}")
            yield feature, module
            inside = pkgutil.walk_packages(getattr(module, "__path__", ()), f"{where}.{part}.")
            yield from ((feature, import_module(one.name)) for one in inside)


def flagged() -> dict[str, Callable[..., Decision]]:
    """Every policy with a flag, by feature and name."""
    return {
        f"{feature}.{name}": may
        for feature, module in modules("policy")
        for name, may in getmembers(module, isfunction)
        if proofs_of(may) and unwrap(may).__module__ == module.__name__
    }


def acts_of(may: Callable[..., Decision]) -> str:
    """The acts of the records whose policy that is."""
    found = {
        act.name: None
        for _feature, module in modules("views")
        for table in vars(module).values()
        if isinstance(table, dict)
        for act in table.values()
        if isinstance(act, Act) and act.may is may
    }
    return " ".join(found)


def test_the_table_names_every_policy_that_takes_a_proof_and_its_acts():
    found = {
        name: (
            "yes" if Proof.SECOND_FACTOR in proofs_of(may) else "no",
            "yes" if Proof.FRESH in proofs_of(may) else "no",
            acts_of(may),
        )
        for name, may in flagged().items()
    }

    assert dict(sorted(found.items())) == TABLE


def test_no_policy_hands_on_a_proof_that_it_does_not_name():
    handed = {
        f"{feature}.{name} by {asked}"
        for feature, module in modules("policy")
        for name, may in getmembers(module, isfunction)
        if unwrap(may).__module__ == module.__name__
        for asked in unwrap(may).__code__.co_names
        if not proofs_of(getattr(module, asked, None)) <= proofs_of(may)
    }

    assert handed == set()


@pytest.fixture
def without_clauses(request: pytest.FixtureRequest) -> Iterator[Callable[..., Decision]]:
    """The policy of a row, with nothing that speaks against its actor but what it asks of them."""
    may = flagged()[request.param]
    cell = _innermost(may)
    clauses = cell.cell_contents
    cell.cell_contents = lambda _actor: ALLOWED
    yield may
    cell.cell_contents = clauses


def _innermost(may: Callable[..., Decision]) -> CellType:
    cell = dict(zip(may.__code__.co_freevars, may.__closure__ or (), strict=True))["may"]
    return _innermost(cell.cell_contents) if proofs_of(cell.cell_contents) else cell


def answer(may: Callable[..., Decision], actor: Actor) -> str:
    """What a service says that requires the policy."""
    try:
        may(actor).require()
    except Refused as refusal:
        return " ".join(filter(None, (refusal.code, refusal.field)))
    return "done"


@pytest.mark.parametrize("without_clauses", TABLE, indirect=True)
def test_each_of_them_stops_whoever_has_no_second_factor_or_an_old_proof(without_clauses, request):
    by_factor, by_fresh_proof, _acts = TABLE[request.node.callspec.params["without_clauses"]]

    def said(actor: Actor) -> str:
        return answer(without_clauses, actor)

    assert said(PERSON) == "done"
    assert said(SYSTEM) == "done"
    assert said(replace(PERSON, second_factor=False)) == (TO_ACT if by_factor == "yes" else "done")
    assert said(replace(PERSON, proven=False)) == (
        f"{PROOF_DUE} {PROOF_FIELD}" if by_fresh_proof == "yes" else "done"
    )
    # The act stays on offer: only its service waits for the proof.
    assert without_clauses(replace(PERSON, proven=False)).allowed


@pytest.mark.parametrize("name", TABLE)
def test_a_service_requires_each_of_them_and_nothing_asks_it_halfway(name):
    feature, _dot, policy = name.partition(".")
    code = "\n".join(getsource(module) for each, module in modules("services") if each == feature)
    asked = re.findall(rf"policy\.{policy}\(((?:[^()]|\([^()]*\))*)\)(\.require\(\))?", code)

    assert asked
    assert [arguments for arguments, required in asked if not required] == []


def test_of_several_answers_the_proof_that_one_of_them_waits_for_is_not_lost():
    waiting, no = Decision(proof_due=True), Decision("case.not_yours")

    assert first_refusal(ALLOWED, waiting, ALLOWED) == waiting
    assert first_refusal(waiting, no) == no
    assert first_refusal(ALLOWED, ALLOWED) == ALLOWED
