"""What an act of the demo world needs at hand: who acts, and the records made by earlier acts.

Everything is found again by what is fixed (e-mail, credit code, item), so that a load which was
interrupted can go on in a new process; what was found once is remembered.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.queries import parties
from marketplace.clocks.queries import light_days
from marketplace.demo.plan import Plan
from marketplace.infra.database import reading_session
from marketplace.infra.lists import Asked
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries import QualificationRow
from marketplace.institutions.rules.dossier import VersionState
from marketplace.kernel.actors import ANONYMOUS, SYSTEM, Actor
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date
from marketplace.projects.queries import reading
from marketplace.vetting.queries import lists
from marketplace.vetting.rules import CLOSED, CaseKind

# Somebody without an account.
PUBLIC = "public"


class Stage:
    """Finds people and records, and remembers them."""

    def __init__(self) -> None:
        self._actors: dict[str, Actor] = {}
        self._institutions: dict[int, int] = {}
        self._listings: dict[tuple[int, str], int] = {}
        self._cases: dict[tuple[int, str, str], int] = {}
        self._known: dict[Hashable, int] = {}

    def actor(self, email: str) -> Actor:
        """Who acts under an e-mail address; the platform itself for an empty one."""
        if not email:
            return SYSTEM
        if email == PUBLIC:
            return ANONYMOUS
        if email not in self._actors:
            with reading_session() as session:
                membership = parties.memberships_of(session, self.user(session, email))[0]
                known = parties.actor_of(session, membership.id)
                # Whoever acts here stands before the keys at that instant.
                self._actors[email] = replace(known, proven=True)
        return self._actors[email]

    def user(self, session: Session, email: str) -> int:
        """The id of the person with an e-mail address."""
        person = parties.find_user(session, email)
        if person is None:
            raise NotFound
        return person.id

    def forget_actor(self, email: str) -> None:
        """Look again: what the person may do has changed."""
        self._actors.pop(email, None)

    def organisation(self, session: Session, credit_code: str) -> int:
        """The id of the organisation with this credit code."""
        found = parties.find_organisation(session, credit_code)
        if found is None:
            raise NotFound
        return found.id

    def institution(self, session: Session, plan: Plan) -> int:
        """The id of the institution of a plan."""
        if plan.number not in self._institutions:
            organisation_id = self.organisation(session, plan.credit_code)
            found = institutions.my_institution(session, organisation_id)
            if found is None:
                raise NotFound
            self._institutions[plan.number] = found.id
        return self._institutions[plan.number]

    def listing(self, session: Session, plan: Plan, item: str) -> int:
        """The id of a plan's listing for an item."""
        key = (plan.number, item)
        if key not in self._listings:
            rows = institutions.listings_of(session, self.institution(session, plan))
            self._listings[key] = next(row.id for row in rows if row.item_code == item)
        return self._listings[key]

    def opened(self, plan: Plan, kind: CaseKind, item: str, case_id: int) -> None:
        """Remember a case that was just opened."""
        self._cases[(plan.number, kind, item)] = case_id

    def case(self, uow: UnitOfWork, plan: Plan, kind: CaseKind, item: str) -> int:
        """The id of the plan's open case of a kind about an item."""
        key = (plan.number, kind, item)
        if key not in self._cases:
            organisation_id = self.organisation(uow.session, plan.credit_code)
            days = light_days(uow.session, local_date(uow.now), own=organisation_id)
            rows = lists.APPLICATIONS.stream(uow.session, Asked(), days)
            about = [row for row in rows if (row.kind, row.item_code) == (kind, item)]
            self._cases[key] = next(row.id for row in about if row.state not in CLOSED)
        return self._cases[key]

    def project(self, session: Session, code: str) -> int:
        """The id of the project with this code."""

        def find() -> int:
            found = reading.find_project(session, code)
            if found is None:
                raise NotFound
            return found.id

        return self.recall(("project", code), find)

    def remember(self, key: Hashable, record_id: int) -> None:
        """Keep the id of a record that was just made."""
        self._known[key] = record_id

    def recall(self, key: Hashable, find: Callable[[], int]) -> int:
        """The id of a record: remembered, or found again."""
        if key not in self._known:
            self._known[key] = find()
        return self._known[key]

    def certificate(self, session: Session, plan: Plan) -> QualificationRow:
        """The plan's first certificate in force."""
        rows = institutions.qualifications_stated(session, self.institution(session, plan))
        return next(row for row in rows if row.state is VersionState.IN_FORCE)


Do = Callable[[Stage, UnitOfWork], None]


@dataclass(frozen=True)
class Act:
    """Something somebody does at an instant; `by` is their e-mail, empty for the platform."""

    at: datetime
    by: str
    do: Do
