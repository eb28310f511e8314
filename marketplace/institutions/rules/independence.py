"""Who belongs together: by owner, by control, by legal representative, or by declared ties."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from marketplace.kernel.characters import name_key, same_name

_SHORTEST_NAME = 4


@dataclass(frozen=True)
class Tie:
    """A department or body an institution declared to be tied to."""

    name: str
    credit_code: str = ""


@dataclass(frozen=True)
class Person:
    """A natural person: `key` is a keyed hash of the number where it is known."""

    name: str
    key: str = ""


@dataclass(frozen=True)
class Background:
    """What an institution declared about itself, as far as independence is concerned."""

    organisation_id: int
    credit_code: str
    ties: tuple[Tie, ...] = ()
    owner_codes: frozenset[str] = field(default_factory=frozenset)
    owner_people: tuple[Person, ...] = ()
    legal_representative: str = ""

    @property
    def head(self) -> Person:
        """The legal representative, told apart by the number where the person is an owner too."""
        for owner in self.owner_people:
            if same_name(owner.name, self.legal_representative):
                return owner
        return Person(self.legal_representative)


def tied_to(background: Background, name: str, credit_code: str) -> bool:
    """Whether the institution belongs to the department or is tied to it or one of its bodies."""
    if credit_code in {background.credit_code, *background.owner_codes}:
        return True
    return any(
        tie.credit_code == credit_code if tie.credit_code else _names_meet(tie.name, name)
        for tie in background.ties
    )


def _names_meet(declared: str, department: str) -> bool:
    """A body of a department usually bears its name: one name contains the other."""
    one, other = name_key(declared), name_key(department)
    if min(len(one), len(other)) < _SHORTEST_NAME:
        return one == other
    return one in other or other in one


def relation(one: Background, other: Background) -> str:
    """Why two institutions belong together: "owner", "legal_representative", or nothing."""
    if _share_owner(one, other):
        return "owner"
    return "legal_representative" if _same(one.head, other.head) else ""


def related_to(one: Background, others: Iterable[Background]) -> Background | None:
    """The first of the others that belongs together with the one."""
    for other in others:
        if other.organisation_id != one.organisation_id and relation(one, other):
            return other
    return None


def _share_owner(one: Background, other: Background) -> bool:
    if one.credit_code in other.owner_codes or other.credit_code in one.owner_codes:
        return True
    if one.owner_codes & other.owner_codes:
        return True
    keys = {person.key for person in one.owner_people if person.key}
    return any(person.key in keys for person in other.owner_people)


def _same(one: Person, other: Person) -> bool:
    """The number decides where both are known, else the name."""
    if not one.name or not other.name:
        return False
    if one.key and other.key:
        return one.key == other.key
    return same_name(one.name, other.name)
