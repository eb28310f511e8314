"""Large print and contrast: kept with a person's account, and by the browser of a visitor."""

import pytest

from marketplace.kernel.actors import Capacity, Role
from tests.factories import make_member, make_organisation
from tests.web.vetting.conftest import person

__all__ = ["person"]


@pytest.fixture
def somebody():
    return make_member(make_organisation(Capacity.DEPARTMENT), Role.DEPARTMENT_OFFICER)


def seen(browser) -> tuple[bool, bool]:
    """Whether the desk is shown in large print, and in high contrast."""
    text = browser.get("/desk").text
    return 'data-text="large"' in text, 'data-theme="contrast"' in text


def test_a_choice_follows_the_person_to_another_browser(app, person, somebody):
    first = person(somebody)
    assert seen(first) == (False, False)

    answer = first.get("/desk?print=large")
    first.get("/desk?theme=contrast")

    assert "print=large" not in str(answer.headers)
    assert seen(first) == seen(person(somebody)) == (True, True)
    first.get("/desk?print=normal")
    assert seen(person(somebody)) == (False, True)
    first.get("/desk?print=huge&theme=pink")
    assert seen(person(somebody)) == (False, True)


def test_a_colleague_chooses_for_themselves(app, person, somebody):
    person(somebody).get("/desk?print=large")
    other = make_member(somebody.organisation_id, Role.DEPARTMENT_OFFICER)
    assert seen(person(other)) == (False, False)


def test_the_browser_of_a_visitor_remembers(app, client):
    assert 'data-text="large"' in client.get("/?print=large").text
    assert 'data-text="large"' in client.get("/").text
    assert 'data-text="large"' not in app.test_client().get("/").text


def test_what_the_browser_remembers_holds_until_the_person_chooses(app, person, somebody):
    browser = person(somebody)
    browser.browser.set_cookie("print", "large")
    assert seen(browser) == (True, False)
    browser.get("/desk?print=normal")
    assert seen(browser) == (False, False)
