"""From the address line to a query, and back."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from marketplace.discovery.queries import successors
from search import Query, Sort

PAGE_SIZE = 20
MAX_PAGE = 10_000


@dataclass(frozen=True)
class Asked:
    """What the address line asks for; `filters` keeps the words as they were written there."""

    query: Query
    filters: Mapping[str, tuple[str, ...]]

    @property
    def has_filters(self) -> bool:
        """Whether anything but words narrows the result."""
        return any(self.filters.values())


def read_address(session: Session, arguments: MultiDict[str, str]) -> Asked:
    """Read q, item, region, grade, level, sort and page; what makes no sense is left out."""
    wanted = {
        name: tuple(dict.fromkeys(filter(None, arguments.getlist(name))))
        for name in ("item", "region", "grade", "level")
    }
    text = arguments.get("q", "").strip()
    return Asked(
        query=Query(
            text=text,
            items=wanted["item"],
            regions=successors(session, list(wanted["region"])),
            grades=wanted["grade"],
            levels=wanted["level"],
            sort=_sort(arguments.get("sort", ""), text),
            page=min(max(arguments.get("page", 1, type=int), 1), MAX_PAGE),
            page_size=PAGE_SIZE,
        ),
        filters={**wanted, "region": successors(session, list(wanted["region"]))},
    )


def _sort(asked: str, text: str) -> Sort:
    if asked in set(Sort):
        return Sort(asked)
    return Sort.RELEVANCE if text else Sort.ADMITTED
