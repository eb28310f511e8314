"""Rulebook entries and search synonyms: what an administrator changes most often."""

from datetime import date
from typing import Any

from sqlalchemy import select

from marketplace.catalogue import policy, queries
from marketplace.catalogue.events import RulebookEntryAdded, SynonymPut, SynonymRemoved
from marketplace.catalogue.models import RulebookEntry, Synonym
from marketplace.catalogue.rules import check_value
from marketplace.catalogue.rules.parts import Part
from marketplace.catalogue.services.stamps import hold, renew
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import local_date

_LONGEST_TERM = 40
_MOST_MEANINGS = 12


def add_rulebook_entry(
    uow: UnitOfWork,
    *,
    key: str,
    value: Any,
    valid_from: date,
    source: str = "",
    note: str = "",
) -> int:
    """Give a rule a new value from a day on; returns the entry's id.

    What held before stays on record. Refuses an unknown rule, a value of another shape, a day
    that is past, and a second value for the same day.
    """
    stamp = hold(uow, Part.RULEBOOK)
    policy.may_edit_catalogue(uow.actor).require()
    book = queries.rulebook(uow.session)
    if key not in book:
        raise Refused("catalogue.unknown_rule", field="key")
    if valid_from < local_date(uow.now):
        raise Refused("catalogue.rule_in_the_past", field="valid_from")
    if any(entry.valid_from == valid_from for entry in book.history(key)):
        raise Refused("catalogue.rule_dated_twice", field="valid_from")
    before = book.entry(key, valid_from)
    check_value(before.value, value)
    entry = uow.add(
        RulebookEntry(
            key=key,
            value=value,
            unit=before.unit,
            valid_from=valid_from,
            source=source.strip(),
            note=note.strip(),
            added_at=uow.now,
        )
    )
    renew(stamp)
    uow.record(RulebookEntryAdded(entry.id, key, valid_from))
    return entry.id


def put_synonym(uow: UnitOfWork, *, term: str, meanings: list[str]) -> str:
    """Say what a search for `term` also looks for; returns the synonym's public id.

    A known term gets the new meanings. Refuses an empty or overlong term, and meanings that
    are none, too many, or the term itself.
    """
    stamp = hold(uow, Part.SYNONYMS)
    policy.may_edit_catalogue(uow.actor).require()
    term = "".join(term.split())
    if not term or len(term) > _LONGEST_TERM:
        raise Refused("catalogue.synonym_term", field="term")
    found = list(dict.fromkeys("".join(one.split()) for one in meanings if one.strip()))
    too_long = any(len(one) > _LONGEST_TERM for one in found)
    if not found or len(found) > _MOST_MEANINGS or too_long or term in found:
        raise Refused("catalogue.synonym_meanings", field="meanings")
    row = uow.session.scalars(select(Synonym).where(Synonym.term == term)).one_or_none()
    if row is None:
        row = uow.add(Synonym(term=term, meanings=found))
    else:
        row.meanings = found
    renew(stamp)
    uow.record(SynonymPut(row.id))
    return row.public_id


def remove_synonym(uow: UnitOfWork, *, public_id: str) -> None:
    """Forget a search synonym; raises `NotFound` when there is none of that id."""
    stamp = hold(uow, Part.SYNONYMS)
    row = uow.lock(Synonym, public_id)
    policy.may_edit_catalogue(uow.actor).require()
    uow.session.delete(row)
    renew(stamp)
    uow.record(SynonymRemoved(row.id))
