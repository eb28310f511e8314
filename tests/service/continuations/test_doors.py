"""No door sells anything for a project that is not active, and each says which rule closes it."""

import pytest

from marketplace.commission_requests import services as requests
from marketplace.competitions.services import notices
from marketplace.kernel.errors import NotFound
from tests.competitions import make_department, notice
from tests.dossiers import CERTIFIED_ITEM
from tests.engagements import make_world, refused
from tests.service.continuations.test_continuations import becomes
from tests.service.engagements.acts import pick
from tests.service.quotations.acts import ask


def doors(world, department):
    """Everybody who could commission something, and what they try."""
    project, listing = world.project_id, world.listing_id
    said = notice(department, project)
    return {
        "pick": (world.client, lambda uow: pick(uow, project, listing)),
        "quotation round": (world.client, lambda uow: ask(uow, project, listing)),
        "request to the department": (
            world.client,
            lambda uow: requests.ask_department(uow, project=project, item_code=CERTIFIED_ITEM),
        ),
        "notice": (
            department.officer,
            lambda uow: notices.draft_competition(uow, notice=said),
        ),
    }


@pytest.mark.parametrize("state", ["cancelled", "completed", "excluded"])
def test_every_door_is_closed_while_the_project_is_not_active(session, app, state):
    world, department = make_world(), make_department()
    becomes(session, world, state)
    tried = doors(world, department)
    if state == "excluded":
        # A department does not even see such a project.
        with pytest.raises(NotFound):
            refused(*tried.pop("notice"))
    answers = {name: refused(*door) for name, door in tried.items()}

    assert set(answers.values()) == {f"project.{state}"}
    becomes(session, world, "active", 3)
    again = {name: refused(*door) for name, door in doors(world, department).items()}
    assert set(again.values()).isdisjoint({f"project.{state}"})
