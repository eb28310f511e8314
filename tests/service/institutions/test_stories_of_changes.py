"""All that changes and renewals leave behind while what they replace stays in force."""

from dataclasses import replace
from datetime import timedelta

import pytest

from marketplace.institutions.services import (
    describing,
    offering,
    papers,
    settling,
    submitting,
)
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.times import end_of_day
from tests.cases import make_association
from tests.conftest import TODAY
from tests.dossiers import (
    a_certificate,
    a_scan,
    act,
    basic_facts,
    certified_listing,
    contact_facts,
    make_agent,
    open_with_terms,
    terms,
)
from tests.service.institutions.test_stories import held_by, house_of, on, removed
from tests.stories import refusals


def judges(agent):
    """Who might end what was submitted: the agent, others, the association."""
    association, other = make_association(), make_agent()
    return {
        "agent": agent,
        "a provisional": replace(agent, provisional=True, user_id=other.user_id),
        "a stranger": make_agent(),
        "an examiner": association.examiner,
    }


def move_house(house, agent, address):
    """The institution says another address."""
    said = basic_facts(address=address) | contact_facts()
    act(agent, lambda uow: describing.save_profile(uow, institution_id=house, said=said))


@pytest.mark.parametrize("end", ["in_force", "returned", "dropped"])
def test_a_change_is_vetted_while_the_old_facts_stand(story, end):
    agent = make_agent()
    listing = certified_listing(agent)
    house = house_of(listing)

    def to(service, who=SYSTEM, **said):
        act(who, lambda uow: service(uow, institution_id=house, **said))

    everybody = judges(agent)
    with story(f"institutions/change_{end}", **everybody) as told:
        refusals(lambda: to(submitting.submit_change, agent), lambda: to(settling.return_change))
        to(settling.drop_change)
        move_house(house, agent, "示例大街88号")
        on(agent, offering.save_terms, listing, terms=terms(promised_days=5))
        submit = {"submit": lambda uow: submitting.submit_change(uow, institution_id=house)}
        told.may(submit, *everybody.values())
        to(submitting.submit_change, agent)
        refusals(
            lambda: to(submitting.submit_change, agent),
            lambda: on(agent, offering.withdraw_listing, listing),
            lambda: on(agent, offering.save_terms, listing, terms=terms(promised_days=4)),
        )
        key = {"institution_id": house}
        tries = {
            "in force": lambda uow: settling.put_change_in_force(uow, **key, case_id=9),
            "return": lambda uow: settling.return_change(uow, **key),
            "drop": lambda uow: settling.drop_change(uow, **key),
        }
        told.may(tries, *everybody.values(), SYSTEM)
        if end == "in_force":
            to(settling.put_change_in_force, case_id=9)
        elif end == "returned":
            to(settling.return_change)
        else:
            to(settling.drop_change, agent)


@pytest.mark.parametrize("end", ["in_force", "returned", "dropped"])
def test_a_renewal_is_vetted_while_the_old_certificate_stands(story, end):
    agent = make_agent()
    listing = certified_listing(agent)
    key = held_by(listing)
    until = TODAY + timedelta(days=2000)

    def to(service, who=SYSTEM, **said):
        return act(who, lambda uow: service(uow, qualification_id=key, **said))

    everybody = judges(agent)
    with story(f"institutions/renewal_{end}", **everybody) as told:
        refusals(lambda: to(submitting.submit_renewal, agent), lambda: to(settling.return_renewal))
        to(settling.drop_renewal)
        renewed = a_certificate(TODAY, valid_to=until)
        draft = to(papers.renew_qualification, agent, certificate=renewed)
        refusals(lambda: to(submitting.submit_renewal, agent))
        change = papers.change_qualification
        said = {"qualification_id": draft, "certificate": renewed, "scan": a_scan()}
        act(agent, lambda uow: change(uow, **said))
        after = end_of_day(until)
        submit = submitting.submit_renewal
        refusals(lambda: act(agent, lambda uow: submit(uow, qualification_id=key), at=after))
        told.may({"submit": lambda uow: submit(uow, qualification_id=key)}, *everybody.values())
        to(submit, agent)
        refusals(lambda: to(submit, agent))
        line = {"qualification_id": key}
        tries = {
            "in force": lambda uow: settling.put_renewal_in_force(uow, **line, case_id=9),
            "return": lambda uow: settling.return_renewal(uow, **line),
            "drop": lambda uow: settling.drop_renewal(uow, **line),
        }
        told.may(tries, *everybody.values(), SYSTEM)
        if end == "in_force":
            to(settling.put_renewal_in_force, case_id=9)
        elif end == "returned":
            to(settling.return_renewal)
        else:
            to(settling.drop_renewal, agent)


def test_nothing_is_renewed_or_changed_outside_the_market(story):
    agent = make_agent()
    listing = removed(agent)
    house, key = house_of(listing), held_by(listing)
    renewed = a_certificate(TODAY, valid_to=TODAY + timedelta(days=2000))
    renew = papers.renew_qualification
    said = {"qualification_id": key, "certificate": renewed, "scan": a_scan()}
    act(agent, lambda uow: renew(uow, **said))
    with story("institutions/outside", agent=agent) as told:
        tries = {
            "change": lambda uow: submitting.submit_change(uow, institution_id=house),
            "change of it": lambda uow: submitting.submit_change(
                uow, institution_id=house, listing_id=listing
            ),
            "renewal": lambda uow: submitting.submit_renewal(uow, qualification_id=key),
        }
        told.may(tries, agent)


def test_an_application_a_renewal_and_a_change_lie_side_by_side(story):
    agent = make_agent()
    listing = certified_listing(agent)
    house, key = house_of(listing), held_by(listing)
    second = act(agent, lambda uow: open_with_terms(uow, house, "JL-Z02"))
    on(agent, submitting.submit_listing, second)
    renewed = a_certificate(TODAY, valid_to=TODAY + timedelta(days=2000))
    renew = papers.renew_qualification
    said = {"qualification_id": key, "certificate": renewed, "scan": a_scan()}
    act(agent, lambda uow: renew(uow, **said))
    act(agent, lambda uow: submitting.submit_renewal(uow, qualification_id=key))
    on(agent, offering.save_terms, listing, terms=terms(promised_days=5))
    act(agent, lambda uow: submitting.submit_change(uow, institution_id=house))
    with story("institutions/side_by_side", agent=agent):
        act(SYSTEM, lambda uow: settling.return_change(uow, institution_id=house))
        act(SYSTEM, lambda uow: settling.return_renewal(uow, qualification_id=key))
        on(SYSTEM, settling.take_under_review, second)
        on(SYSTEM, settling.admit_listing, second, case_id=5)
