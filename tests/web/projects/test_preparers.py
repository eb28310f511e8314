"""What an enterprise sees of an institution that did what the item of its project examines."""

from marketplace.infra.database import db
from marketplace.institutions import queries as institutions
from marketplace.projects import queries as projects
from tests.factories import open_session_for
from tests.market import settle
from tests.service.projects.test_preparers import ITEM, Cast

BARRED = 'data-reason="project.prepared"'


def test_the_directory_the_pick_and_the_question_say_who_is_barred_and_why(app):
    cast = Cast()
    cast.write()
    settle()
    project = projects.project(db.session(), cast.project).public_id
    keys = {
        name: institutions.listing(db.session(), one).public_id
        for name, (_agent, one) in cast.reviews.items()
    }
    db.session.rollback()
    browser = app.test_client()
    open_session_for(browser, cast.client)

    directory = browser.get(f"/institutions/for/{project}/{ITEM}").text
    assert directory.count(BARRED) == 2
    assert "JL-S05" in directory

    picks = {
        name: BARRED in browser.get(f"/engagements/new?project={project}&listing={key}").text
        for name, key in keys.items()
    }
    assert picks == {"author": True, "kin": True, "free": False}

    chosen = "&".join(f"listing={key}" for key in keys.values())
    asked = browser.get(f"/quotations/new?project={project}&item={ITEM}&{chosen}").text
    assert {name: f'value="{key}"' in asked for name, key in keys.items()} == {
        "author": False,
        "kin": False,
        "free": True,
    }
