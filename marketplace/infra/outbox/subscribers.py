"""Which subscribers hear of an event kind: names only, for the unit of work that records it."""

_EVERY_KIND = "*"
_names: dict[str, set[str]] = {}


def note_subscriber(name: str, kinds: tuple[str, ...]) -> None:
    """From now on events of these kinds (none: of all) get a delivery for the subscriber."""
    for kind in kinds or (_EVERY_KIND,):
        _names.setdefault(kind, set()).add(name)


def subscribers_of(kind: str) -> list[str]:
    """The names of all subscribers of an event kind, sorted."""
    return sorted(_names.get(kind, set()) | _names.get(_EVERY_KIND, set()))
