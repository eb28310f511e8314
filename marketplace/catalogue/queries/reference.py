"""Regions, the rulebook, qualification kinds and search synonyms."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import QualificationKind, Region, RulebookEntry, Synonym
from marketplace.catalogue.queries.rows import KindRow, SynonymRow, Term
from marketplace.catalogue.queries.snapshots import snapshot
from marketplace.catalogue.rules import RegionRow, RegionTree, Rulebook, RuleEntry
from marketplace.catalogue.rules.parts import Part
from marketplace.kernel.workdays import Limit


def regions(session: Session) -> RegionTree:
    """All regions as a tree."""
    return snapshot(session, Part.REGIONS, "regions", _load_regions)


def _load_regions(session: Session) -> RegionTree:
    rows = session.scalars(select(Region).order_by(Region.code))
    return RegionTree(
        tuple(
            RegionRow(
                code=row.code,
                name=row.name,
                name_en=row.name_en,
                level=row.level,
                parent_code=row.parent_code,
                current=row.is_current,
                successor_code=row.successor_code,
            )
            for row in rows
        )
    )


def rulebook(session: Session) -> Rulebook:
    """Every rule with all its dated values, in the order in which they were laid down."""
    return snapshot(session, Part.RULEBOOK, "rulebook", _load_rulebook)


def _load_rulebook(session: Session) -> Rulebook:
    rows = session.scalars(select(RulebookEntry).order_by(RulebookEntry.id))
    return Rulebook(
        tuple(
            RuleEntry(row.key, row.value, row.unit, row.valid_from, row.source, row.note)
            for row in rows
        )
    )


def rule(session: Session, key: str, on: date) -> Any:
    """The value of a rule in force on a day; KeyError for an unknown key."""
    return rulebook(session).value(key, on)


def limit_rule(session: Session, key: str, on: date) -> Limit:
    """The time limit a rule lays down on a day; KeyError for an unknown key."""
    return rulebook(session).limit(key, on)


def qualification_kinds(session: Session) -> tuple[KindRow, ...]:
    """All kinds of qualification in their order."""
    return snapshot(session, Part.KINDS, "kinds", _load_kinds)


def _load_kinds(session: Session) -> tuple[KindRow, ...]:
    rows = session.scalars(select(QualificationKind).order_by(QualificationKind.position))
    return tuple(
        KindRow(
            id=row.id,
            code=row.code,
            name=row.name,
            name_en=row.name_en,
            levels=_terms(row.levels),
            specialties=_terms(row.specialties),
        )
        for row in rows
    )


def _terms(pairs: list[list[str]]) -> tuple[Term, ...]:
    return tuple(Term(name, name_en) for name, name_en in pairs)


def qualification_kind(session: Session, code: str) -> KindRow | None:
    """The kind of a code, or None."""
    return next((row for row in qualification_kinds(session) if row.code == code), None)


def level_order(session: Session) -> Mapping[str, tuple[str, ...]]:
    """The levels of each kind, highest first, as the requirement rules read them."""
    return {
        kind.code: tuple(level.name for level in kind.levels)
        for kind in qualification_kinds(session)
    }


def synonyms(session: Session) -> tuple[SynonymRow, ...]:
    """The search synonyms in the order of their terms."""
    return snapshot(session, Part.SYNONYMS, "synonyms", _load_synonyms)


def _load_synonyms(session: Session) -> tuple[SynonymRow, ...]:
    rows = session.scalars(select(Synonym).order_by(Synonym.term))
    return tuple(SynonymRow(row.public_id, row.term, tuple(row.meanings)) for row in rows)


def synonym_map(session: Session) -> dict[str, tuple[str, ...]]:
    """What each term also stands for."""
    return {row.term: row.meanings for row in synonyms(session)}
