"""What the address of the board asks for, and its filters as the panel draws them."""

from collections.abc import Iterator

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from marketplace.catalogue import queries as catalogue
from marketplace.supervision.rules import FILTERS, LIGHTS, Asked, Counts
from marketplace.web.filters import Choice, Group
from marketplace.web.wording import label
from marketplace.web.words import local_name

_MOST_VALUES = 50


def read_address(session: Session, arguments: MultiDict[str, str]) -> Asked:
    """Read light, kind, item, region and page; what makes no sense is left out."""
    wanted = {
        name: tuple(dict.fromkeys(filter(None, arguments.getlist(name))))[:_MOST_VALUES]
        for name in FILTERS
    }
    tree = catalogue.regions(session)
    known = {code for code in map(tree.resolve, wanted["region"]) if code}
    return Asked(
        light=tuple(one for one in wanted["light"] if one in LIGHTS),
        kind=wanted["kind"],
        item=wanted["item"],
        region=tuple(sorted(known)),
        page=min(max(arguments.get("page", 1, type=int), 1), 10_000),
    )


def filter_groups(session: Session, asked: Asked, counts: Counts) -> tuple[Group, ...]:
    """The filters with their counts; only values that something has, or that are chosen."""
    of = counts.of
    kinds = sorted({*of["kind"], *asked.kind})
    return (
        Group(
            "light",
            _("Light"),
            tuple(
                Choice(one, label(f"light.{one}"), of["light"].get(one, 0), one in asked.light)
                for one in LIGHTS
            ),
        ),
        Group(
            "kind",
            _("Kind of record"),
            tuple(
                Choice(one, label(f"waiting.{one}"), of["kind"].get(one, 0), one in asked.kind)
                for one in kinds
            ),
        ),
        Group("region", _("Region"), tuple(_regions(session, asked, counts))),
        Group(
            "item",
            _("Listed item"),
            tuple(
                Choice(
                    one.code, local_name(one), of["item"].get(one.code, 0), one.code in asked.item
                )
                for one in catalogue.items(session)
                if of["item"].get(one.code) or one.code in asked.item
            ),
        ),
    )


def _regions(session: Session, asked: Asked, counts: Counts) -> Iterator[Choice]:
    tree, of = catalogue.regions(session), counts.of["region"]
    for prefecture in tree.prefectures:
        for level, place in enumerate((prefecture, *tree.children(prefecture.code))):
            on = place.code in asked.region
            if of.get(place.code) or on:
                yield Choice(
                    place.code, local_name(place), of.get(place.code, 0), on, min(level, 1)
                )
