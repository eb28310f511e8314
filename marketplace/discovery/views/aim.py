"""What a search is for: an item of one of the reader's own projects, for which it chooses."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from flask import request, url_for

from marketplace.capacity import queries as capacity
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import ItemRow
from marketplace.engagements import queries as engagements
from marketplace.engagements.policy import may_choose_offer
from marketplace.engagements.queries import Choosing
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries import InstitutionPage, ListingRow
from marketplace.kernel.decisions import ALLOWED, Decision, first_refusal
from marketplace.kernel.identifiers import is_public_id
from marketplace.kernel.times import local_date
from marketplace.projects import queries as projects
from marketplace.projects.queries import ProjectRow
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.filters import carried

# More than this an address cannot name, whatever the rulebook allows.
MOST_NAMED = 20


class Way(StrEnum):
    """One institution is picked, or several are asked for quotations first."""

    PICK = "pick"
    ASK = "ask"


@dataclass(frozen=True)
class Aim:
    """For which item of which project the reader chooses, in which way, and whom so far.

    `named` are the institutions that the address names, by public id; `most` is how many may be
    asked. Everything is kept in the address, so that going back takes nothing away.
    """

    choosing: Choosing
    way: Way
    named: tuple[str, ...]
    most: int

    @property
    def may(self) -> Decision:
        """Whether the item can be commissioned for the project at all."""
        return self.choosing.may

    @property
    def project(self) -> ProjectRow:
        """The project that is chosen for."""
        return self.choosing.project

    @property
    def item(self) -> ItemRow:
        """The item that is chosen for."""
        return self.choosing.item

    @property
    def asks(self) -> bool:
        """Whether several are chosen, to be asked for quotations."""
        return self.way is Way.ASK

    @cached_property
    def chosen(self) -> tuple[ListingRow, ...]:
        """Those that were chosen to be asked and may be, in the order in which they were."""
        if not (self.asks and self.named):
            return ()
        found = institutions.listings_for(reading_session(), self.item.code, self.named)
        rows, may = {row.institution_public_id: row for row in found}, self._decided(found)
        return tuple(rows[key] for key in self.named if key in rows and may[rows[key].id].allowed)

    @property
    def kept(self) -> tuple[str, ...]:
        """Those that the address goes on naming, by public id."""
        return tuple(row.institution_public_id for row in self.chosen) if self.asks else self.named

    @property
    def left_out(self) -> int:
        """How many of those chosen cannot be asked."""
        return len(self.named) - len(self.chosen)

    @property
    def full(self) -> bool:
        """Whether no more may be asked."""
        return len(self.chosen) >= self.most

    def decision(self, listing: ListingRow) -> Decision:
        """Whether this institution may be chosen; the services ask the same."""
        return self._decided([listing])[listing.id]

    def decisions(self, listing_ids: Iterable[int]) -> Mapping[int, Decision]:
        """Whether each of these listings may be chosen, by its key."""
        return self._decided(institutions.listings(reading_session(), listing_ids).values())

    def _decided(self, listings: Collection[ListingRow]) -> dict[int, Decision]:
        actor, who = current_actor(), {row.organisation_id for row in listings}
        apart = projects.conflicts(reading_session(), self.project.id, self.item.code, who)
        # A quotation may be asked for where no place is free now.
        keys = [] if self.asks else [row.id for row in listings]
        room = capacity.may_take(reading_session(), keys)
        return {
            row.id: first_refusal(
                may_choose_offer(actor, row),
                apart.get(row.organisation_id, ALLOWED),
                room.get(row.id, ALLOWED),
            )
            for row in listings
        }

    def offer_of(self, page: InstitutionPage) -> ListingRow | None:
        """The listing of an institution for the item, whatever its state."""
        rows = (one.row for one in page.listings)
        return next((row for row in rows if row.item_code == self.item.code), None)

    # -------------------------------------------------------------- addresses

    @property
    def place(self) -> str:
        """The search without any question."""
        return self._at(".choose")

    @property
    def beside(self) -> str:
        """Where those that are ticked stand side by side."""
        return self._at(".choose_compare")

    @property
    def table(self) -> str:
        """All who may be chosen, with what is known of each, to be sorted."""
        return carried(self._at(".choose_table"), "q", "page", "sort")

    @property
    def search(self) -> str:
        """The search with its question, and with whom it has chosen."""
        return carried(self.place)

    @property
    def compare(self) -> str:
        """Those chosen side by side, with the question that found them."""
        return carried(self.beside)

    @property
    def other_way(self) -> str:
        """The same search, to choose in the other way."""
        return carried(self.place, way=Way.PICK if self.asks else Way.ASK)

    def without(self, *names: str) -> str:
        """The search without a part of its question."""
        return carried(self.place, *names)

    @property
    def ask(self) -> str:
        """The question to those chosen."""
        return self._on("quotations.ask", id=self.kept, item=self.item.code)

    def pick(self, listing: str) -> str:
        """The page on which this listing is picked."""
        return self._on("engagements.new", listing=listing)

    def with_one(self, institution: str) -> str:
        """The present page with one more chosen."""
        return f"{carried(request.path, id=[*self.kept, institution])}#at-{institution}"

    def without_one(self, institution: str) -> str:
        """The present page with one taken out again."""
        return carried(request.path, id=[one for one in self.kept if one != institution])

    def _at(self, endpoint: str) -> str:
        return url_for(endpoint, project_id=self.project.public_id, item_code=self.item.code)

    def _on(self, endpoint: str, **more: str | Collection[str]) -> str:
        return carried(url_for(endpoint), "way", project=self.project.public_id, **more)


def aim_of(project_id: str, item_code: str) -> Aim:
    """What the address chooses for; another's project or an unknown item does not exist.

    Raises `NotFound`.
    """
    session, today = reading_session(), local_date(request_time())
    found = engagements.choosing_for(session, current_actor(), project_id, item_code, today)
    named = [key for key in dict.fromkeys(request.args.getlist("id")) if is_public_id(key)]
    return Aim(
        choosing=found,
        way=Way.ASK if request.args.get("way") == Way.ASK else Way.PICK,
        named=tuple(named[:MOST_NAMED]),
        most=int(catalogue.rule(session, "engagement.quotation_max_asked", today)),
    )
