"""All that acts on a dossier leave behind: what it says, who owns it, its papers and people."""

from datetime import timedelta

import pytest

from marketplace.institutions import queries
from marketplace.institutions.rules.dossier import HolderKind, InstitutionType, TieKind
from marketplace.institutions.services import describing, papers, people
from marketplace.institutions.services.describing import Owner
from marketplace.kernel.actors import SYSTEM, Capacity, Role
from tests.conftest import TODAY
from tests.dossiers import (
    a_certificate,
    a_credit_code,
    a_person,
    a_scan,
    act,
    an_id_number,
    basic_facts,
    certified_listing,
    contact_facts,
    make_agent,
    start,
    submitted_listing,
)
from tests.factories import make_member, make_organisation
from tests.stories import refusals

MOBILE = "请拨13812345678"
PERSON, COMPANY = HolderKind.PERSON, HolderKind.ORGANISATION


def doing(service, house, **said):
    """An act on a dossier, to be tried or done."""
    return lambda uow: service(uow, institution_id=house, **said)


def tries(service, house, name, values):
    """The same act with each of these values of one argument."""
    return {key: doing(service, house, **{name: value}) for key, value in values.items()}


def test_a_dossier_is_begun_once_and_by_agents_of_institutions(story):
    agent, other = make_agent(), make_agent()
    officer = make_member(make_organisation(Capacity.DEPARTMENT), Role.DEPARTMENT_OFFICER)
    with story("institutions/begun", agent=agent, other=other, officer=officer) as told:
        told.may({"start": describing.start_institution}, agent, officer)
        house = start(agent)
        assert start(agent) == house
        save = doing(describing.save_profile, house, said={"address": "示例路2号"})
        told.may({"say": save}, agent, other, officer, SYSTEM)


def test_what_a_profile_says_is_drafted_and_checked(story):
    agent = make_agent()
    house = start(agent)
    with story("institutions/profile", agent=agent) as told:
        wrong = {
            "nowhere": {"region_code": "999999"},
            "today": {"established": TODAY},
            "tomorrow": {"established": TODAY + timedelta(days=1)},
            "no mobile": {"contact_mobile": "0431-80000000"},
            "a mobile at the office": {"office_phone": "138 1234-5678"},
            "a mobile in the words": {"profile": MOBILE},
            "a mobile in the address": {"address": MOBILE},
        }
        told.may(tries(describing.save_profile, house, "said", wrong), agent)
        whole = basic_facts() | contact_facts(profile=" 从事工程咨询。 ")
        for said in (whole, whole, {"type": InstitutionType.PARTNERSHIP}):
            act(agent, doing(describing.save_profile, house, said=said))


def test_owners_are_named_once_and_own_at_most_the_whole(story):
    agent = make_agent()
    house, number, code = start(agent), an_id_number(5), a_credit_code(77)
    own = act(SYSTEM, lambda uow: queries.institution(uow.session, house)).credit_code
    with story("institutions/owners", agent=agent) as told:
        add, change = describing.add_owner, describing.change_owner
        line = act(agent, doing(add, house, owner=Owner(PERSON, " 张三 ", "", number, 600_000)))
        second = act(
            agent, doing(add, house, owner=Owner(COMPANY, "示例控股", code, None, 300_000))
        )
        another = an_id_number(6)
        values = {
            "the rest": Owner(PERSON, "李四", "", another, 100_000),
            "too much": Owner(PERSON, "李四", "", another, 100_001),
            "unknown": Owner(PERSON, "李四", "", another),
            "twice": Owner(PERSON, "李四", "", number.lower()),
            "no number": Owner(PERSON, "李四", "", "123"),
            "none": Owner(PERSON, "李四"),
            "a mobile": Owner(PERSON, MOBILE, "", another),
            "the same company": Owner(COMPANY, "示例", code),
            "itself": Owner(COMPANY, "示例", own),
            "no code": Owner(COMPANY, "示例", code[:-1] + "0"),
        }
        told.may(tries(add, house, "owner", values), agent)
        act(agent, doing(change, house, line=line, owner=Owner(PERSON, "张三", "", None, 700_000)))
        act(agent, doing(change, house, line=second, owner=Owner(PERSON, "李四", "", another)))
        act(agent, doing(change, house, line=line, owner=Owner(COMPANY, "示例控股", code)))
        refusals(
            lambda: act(agent, doing(change, house, line="none", owner=Owner(PERSON, "张三"))),
            lambda: act(agent, doing(change, house, line=line, owner=Owner(PERSON, "张三"))),
        )
        act(agent, doing(describing.remove_affiliation, house, line=line))
        refusals(lambda: act(agent, doing(describing.remove_affiliation, house, line=line)))


def test_ties_are_answered_and_named(story):
    agent = make_agent()
    house = start(agent)
    with story("institutions/ties", agent=agent) as told:
        answer, add = describing.answer_ties, describing.add_tie
        act(agent, doing(answer, house, has_ties=False))
        act(agent, doing(answer, house, has_ties=False))
        said = {"name": " 示例市水务局 ", "tie": TieKind.FUNDED, "note": " 每年拨款 "}
        line = act(agent, doing(add, house, **said))
        same = {"name": "示例市 水务局"}
        told.may(
            {
                "twice": doing(add, house, **said | same),
                "another tie": doing(add, house, **said | {"tie": TieKind.OTHER}),
                "a mobile": doing(add, house, **said | {"name": MOBILE}),
                "a mobile in the note": doing(add, house, **said | {"note": MOBILE}),
                "as an owner": doing(
                    describing.change_owner, house, line=line, owner=Owner(PERSON, "张三")
                ),
            },
            agent,
        )
        owner = Owner(PERSON, "张三", "", an_id_number(5))
        act(agent, doing(describing.add_owner, house, owner=owner))
        act(agent, doing(answer, house, has_ties=False))


def test_a_new_draft_takes_over_what_is_in_force(story):
    agent = make_agent()
    listing = certified_listing(agent)
    house = act(SYSTEM, lambda uow: queries.listing(uow.session, listing)).institution_id
    with story("institutions/copied", agent=agent):
        act(agent, doing(describing.save_profile, house, said={"address": "示例路99号"}))
        act(agent, doing(describing.answer_ties, house, has_ties=True))


# ------------------------------------------------------------------ certificates


def certificates(**changes):
    """Certificates that differ from a good one by one thing each."""
    good = {"certificate_number": "ZX000099", **changes}
    values = {
        "good": {},
        "unknown kind": {"kind": "none"},
        "unknown level": {"level": "特级"},
        "unknown specialty": {"specialty": "美术"},
        "no level": {"level": ""},
        "ends today": {"valid_to": TODAY},
        "ended": {"valid_to": TODAY - timedelta(days=1)},
        "one day": {"valid_from": TODAY, "valid_to": TODAY},
        "backwards": {"valid_from": TODAY + timedelta(days=2), "valid_to": TODAY},
        "for ever": {"valid_to": None},
        "a mobile as number": {"certificate_number": "13812345678"},
        "a mobile as issuer": {"issuer": MOBILE},
    }
    return {name: a_certificate(TODAY, **good | said) for name, said in values.items()}


def test_certificates_are_drafted_changed_and_dropped(story):
    agent, other = make_agent(), make_agent()
    house = start(agent)
    with story("institutions/certificates", agent=agent, other=other) as told:
        add, change = papers.add_qualification, papers.change_qualification
        told.may(tries(add, house, "certificate", certificates()), agent)
        first = a_certificate(TODAY, certificate_number=" ZX 01 ", issuer=" 示例协会 ")
        key = act(agent, doing(add, house, certificate=first, scan=a_scan()))
        told.may({"twice": doing(add, house, certificate=first)}, agent, other)
        again = a_certificate(TODAY, certificate_number="ZX02")
        told.may(
            {"the same": lambda uow: change(uow, qualification_id=key, certificate=first)}, agent
        )
        act(agent, lambda uow: change(uow, qualification_id=key, certificate=again))
        act(agent, lambda uow: change(uow, qualification_id=key, certificate=again, scan=a_scan()))
        renew = papers.renew_qualification
        refusals(
            lambda: act(agent, lambda uow: renew(uow, qualification_id=key, certificate=again))
        )

        def drop(uow):
            papers.drop_qualification(uow, qualification_id=key)

        told.may({"drop": drop}, agent, other)
        act(agent, drop)
        refusals(
            lambda: act(agent, drop),
            lambda: act(agent, lambda uow: change(uow, qualification_id=key, certificate=again)),
        )


def test_a_renewal_is_of_the_same_kind_and_ends_later(story):
    agent = make_agent()
    end = TODAY + timedelta(days=100)
    listing = certified_listing(agent, certificate=a_certificate(TODAY, valid_to=end))
    house = act(SYSTEM, lambda uow: queries.listing(uow.session, listing)).institution_id
    key = act(SYSTEM, lambda uow: queries.dossier(uow.session, house)).qualifications[0].id
    with story("institutions/renewed", agent=agent) as told:
        renew, change = papers.renew_qualification, papers.change_qualification

        def until(service, day, number=key, **said):
            said = {"certificate": a_certificate(TODAY, valid_to=day, **said)}
            return lambda uow: service(uow, qualification_id=number, **said)

        other = {"kind": "engineering_design", "level": "乙级", "specialty": "水利"}
        told.may(
            {
                "as long": until(renew, end),
                "a day longer": until(renew, end + timedelta(days=1)),
                "for ever": until(renew, None),
                "another kind": until(renew, None, **other),
                "changed in force": until(change, None),
            },
            agent,
        )
        draft = act(agent, until(renew, end + timedelta(days=1)))
        told.may(
            {
                "again": until(renew, None),
                "changed as long": until(change, end, draft),
                "changed longer": until(change, None, draft),
            },
            agent,
        )


# ------------------------------------------------------------------ people and papers


def test_people_are_named_once_and_their_papers_are_valid(story):
    agent, other = make_agent(), make_agent()
    house, number = start(agent), an_id_number(7)
    with story("institutions/people", agent=agent, other=other) as told:
        add, change = people.add_practitioner, people.change_practitioner
        wang = a_person(id_number=number.lower(), name=" 王五 ", title=" 工程师 ")
        key = act(agent, doing(add, house, person=wang, scan=a_scan()))
        values = {
            "twice": a_person(id_number=number),
            "no number": a_person(id_number=None),
            "a wrong number": a_person(id_number="123"),
            "valid today": a_person(certificate_valid_to=TODAY),
            "expired": a_person(certificate_valid_to=TODAY - timedelta(days=1)),
            "a mobile": a_person(name=MOBILE),
            "a mobile as title": a_person(title=MOBILE),
        }
        told.may(tries(add, house, "person", values), agent)
        kept = a_person(id_number=None, title="高级工程师")
        act(agent, lambda uow: change(uow, practitioner_id=key, person=kept))
        same = a_person(id_number=number)
        act(agent, lambda uow: change(uow, practitioner_id=key, person=same, scan=a_scan()))

        def remove(uow):
            people.remove_practitioner(uow, practitioner_id=key)

        told.may({"remove": remove}, agent, other)
        act(agent, remove)
        refusals(lambda: act(agent, remove))


def first_person(listing):
    """The institution of a listing and the key of its first practitioner."""
    house = act(SYSTEM, lambda uow: queries.listing(uow.session, listing)).institution_id
    found = act(SYSTEM, lambda uow: queries.dossier(uow.session, house)).practitioners
    return house, found[0].id


@pytest.mark.parametrize("lies", [True, False])
def test_people_in_force_change_by_a_new_version_and_leave(story, lies):
    agent = make_agent()
    _house, key = first_person((submitted_listing if lies else certified_listing)(agent))
    change, remove = people.change_practitioner, people.remove_practitioner
    titled = a_person(id_number=None, title="高级工程师")
    with story(f"institutions/people_{'in_vetting' if lies else 'in_force'}", agent=agent) as told:
        acts = {
            "change": lambda uow: change(uow, practitioner_id=key, person=titled),
            "remove": lambda uow: remove(uow, practitioner_id=key),
        }
        told.may(acts, agent)
        if not lies:
            draft = act(agent, acts["change"])
            told.may(acts, agent)
            act(agent, lambda uow: remove(uow, practitioner_id=draft))
            act(agent, acts["remove"])


def test_the_undertaking_is_signed_and_the_letter_handed_in_once(story):
    agent, confirmed = make_agent(provisional=True), make_agent()
    house, other = start(agent), start(confirmed)
    with story("institutions/papers", agent=agent, confirmed=confirmed) as told:
        sign, letter = people.sign_undertaking, people.upload_authorisation
        told.may(tries(sign, house, "name", {"nobody": " ", "a mobile": MOBILE}), agent)
        act(agent, doing(sign, house, name=" 张三 "))
        refusals(
            lambda: act(agent, doing(sign, house, name="张三")),
            lambda: act(agent, doing(letter, house, scan=None)),
            lambda: act(confirmed, doing(letter, other, scan=a_scan())),
        )
        act(agent, doing(letter, house, scan=a_scan()))
        act(agent, doing(letter, house, scan=a_scan("二.png")))
