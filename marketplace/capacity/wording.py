"""The words of places."""

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from marketplace.capacity.policy import Places

REFUSALS: dict[str, LazyString] = {
    "capacity.full": _(
        "This institution takes no more work for this item now: %(places)s places are published, "
        "and %(in_hand)s works are in hand. Choose another institution, or ask again later, when "
        "works in hand have ended (%(until)s of them make a place free)."
    ),
    "capacity.out_of_range": _(
        "Enter a number from %(fewest)s to %(most)s, or leave the field empty to publish none."
    ),
}

LABELS: dict[str, LazyString] = {}


def free_text(found: Places) -> str:
    """How many places are free, as everybody reads it; empty where none are published."""
    if found.places is None:
        return ""
    if found.until:
        return str(gettext("No place free"))
    return str(gettext("%(count)s places free", count=found.places - found.in_hand))


def standing_text(found: Places) -> str:
    """How the places stand, for the institution itself."""
    if found.places is None:
        return str(gettext("%(in_hand)s in hand, no limit published", in_hand=found.in_hand))
    if not found.until:
        return str(
            gettext(
                "%(in_hand)s in hand, %(places)s published: %(free)s free",
                in_hand=found.in_hand,
                places=found.places,
                free=found.places - found.in_hand,
            )
        )
    return str(
        gettext(
            "%(in_hand)s in hand, %(places)s published: no new picks until %(until)s of them have "
            "ended",
            in_hand=found.in_hand,
            places=found.places,
            until=found.until,
        )
    )
