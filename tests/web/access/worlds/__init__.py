"""What each feature adds to the world of the access table, in the order in which it is made."""

from collections.abc import Callable

from tests.web.access.worlds.assessments import assessments
from tests.web.access.worlds.budgets import budgets
from tests.web.access.worlds.commission_requests import commission_requests
from tests.web.access.worlds.competitions import competitions
from tests.web.access.worlds.complaints import complaints
from tests.web.access.worlds.engagements import engagements
from tests.web.access.worlds.programs import programs
from tests.web.access.worlds.projects import projects
from tests.web.access.worlds.quotations import quotations
from tests.web.access.worlds.ratings import ratings
from tests.web.access.worlds.rulings import rulings

# Each is given the names so far and returns the new ones.
WORLDS: tuple[Callable[[dict[str, str]], dict[str, str]], ...] = (
    programs,
    budgets,
    competitions,
    engagements,
    rulings,
    quotations,
    ratings,
    projects,
    commission_requests,
    complaints,
    assessments,
)
