"""An institution prepares its dossier: drafts are saved, mistakes refused beside their field."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from marketplace.infra.outbox.models import EventRecord
from marketplace.institutions.queries import dossiers, market, public, seen
from marketplace.institutions.rules.dossier import (
    CURRENT_UNDERTAKING,
    HolderKind,
    PriceBasis,
    TieKind,
)
from marketplace.institutions.services import describing, offering, papers, people
from marketplace.kernel.actors import ANONYMOUS
from marketplace.kernel.errors import NotFound, Refused
from tests.conftest import TODAY
from tests.dossiers import (
    a_certificate,
    a_person,
    a_scan,
    act,
    an_id_number,
    basic_facts,
    complete_dossier,
    contact_facts,
    make_agent,
    start,
    terms,
)

pytestmark = pytest.mark.usefixtures("app")
OWN_CODE = "91110000600037341L"


@pytest.fixture
def agent(app):
    return make_agent()


@pytest.fixture
def institution_id(agent):
    return start(agent)


def refused(agent, work):
    """The refusal of an act."""
    with pytest.raises(Refused) as refusal:
        act(agent, work)
    return refusal.value


def organisation_owner(code=OWN_CODE, share=None):
    return describing.Owner(HolderKind.ORGANISATION, "示例控股有限公司", code, None, share)


def test_the_first_visit_begins_one_dossier_and_the_second_finds_it(agent, session):
    first, second = start(agent), start(agent)

    assert first == second
    row = seen.my_institution(session, agent.organisation_id)
    assert dossiers.dossier(session, first).facts.name == row.name
    kinds = [entry.kind for entry in public.history(session, first)]
    assert kinds == ["institution.started"]


def test_nobody_but_an_agent_begins_a_dossier(app):
    assert refused(ANONYMOUS, describing.start_institution).code == "request.sign_in"


def test_to_another_organisation_the_dossier_does_not_exist(institution_id):
    other = make_agent()
    with pytest.raises(NotFound):
        act(
            other,
            lambda uow: describing.save_profile(
                uow, institution_id=institution_id, said=basic_facts()
            ),
        )


def test_the_profile_is_saved_and_saving_the_same_again_records_nothing(
    agent, institution_id, session
):
    def save(uow):
        describing.save_profile(
            uow, institution_id=institution_id, said=basic_facts() | contact_facts()
        )

    act(agent, save)
    before = session.query(EventRecord).count()
    act(agent, save)

    assert session.query(EventRecord).count() == before
    facts = dossiers.dossier(session, institution_id).facts
    assert (facts.address, facts.contact_mobile) == ("示例路1号", "19900001234")


def test_a_superseded_region_code_is_saved_as_its_successor(agent, institution_id, session):
    basic = basic_facts(region_code="220381")
    act(agent, lambda uow: describing.save_profile(uow, institution_id=institution_id, said=basic))

    assert dossiers.dossier(session, institution_id).facts.region_code == "220184"


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"said": basic_facts(region_code="110000")}, "profile.unknown_region", "region_code"),
        (
            {"said": basic_facts(established=TODAY + timedelta(days=1))},
            "profile.established_in_future",
            "established",
        ),
        (
            {"said": contact_facts(contact_mobile="12345")},
            "profile.mobile_shape",
            "contact_mobile",
        ),
        (
            {"said": contact_facts(office_phone="138 0000-0000")},
            "profile.office_phone_is_mobile",
            "office_phone",
        ),
    ],
)
def test_a_wrong_fact_is_refused_beside_its_field(agent, institution_id, facts, code, field):
    refusal = refused(
        agent, lambda uow: describing.save_profile(uow, institution_id=institution_id, **facts)
    )

    assert (refusal.code, refusal.field) == (code, field)


@pytest.mark.parametrize(
    ("owner", "code", "field"),
    [
        (organisation_owner("91110000600037341X"), "owner.code_wrong", "credit_code"),
        (
            describing.Owner(HolderKind.PERSON, "张三", "", "220104198001010000"),
            "owner.id_number_wrong",
            "id_number",
        ),
        (organisation_owner(share=600_001), "owner.twice", "credit_code"),
    ],
)
def test_a_wrong_owner_is_refused_beside_its_field(agent, institution_id, owner, code, field):
    def add(uow, one):
        return describing.add_owner(uow, institution_id=institution_id, owner=one)

    if code == "owner.twice":
        act(agent, lambda uow: add(uow, organisation_owner(share=400_000)))
    refusal = refused(agent, lambda uow: add(uow, owner))

    assert (refusal.code, refusal.field) == (code, field)


def test_shares_do_not_come_to_more_than_a_hundred_percent(agent, institution_id):
    person = describing.Owner(HolderKind.PERSON, "张三", "", an_id_number(1), 400_001)
    act(
        agent,
        lambda uow: describing.add_owner(
            uow, institution_id=institution_id, owner=organisation_owner(share=600_000)
        ),
    )
    refusal = refused(
        agent, lambda uow: describing.add_owner(uow, institution_id=institution_id, owner=person)
    )

    assert (refusal.code, refusal.details) == ("owner.shares_over", {"left": "40"})


def test_an_institution_does_not_own_itself(agent, institution_id, session):
    own = seen.institution(session, institution_id).credit_code
    refusal = refused(
        agent,
        lambda uow: describing.add_owner(
            uow, institution_id=institution_id, owner=organisation_owner(own)
        ),
    )
    assert refusal.code == "owner.own_code"


def test_a_changed_owner_keeps_the_number_that_is_not_typed_again(agent, institution_id, session):
    number = an_id_number(3)
    person = describing.Owner(HolderKind.PERSON, "张三", "", number, 500_000)
    line = act(
        agent, lambda uow: describing.add_owner(uow, institution_id=institution_id, owner=person)
    )
    renamed = describing.Owner(HolderKind.PERSON, "张三丰", "", None, 600_000)
    act(
        agent,
        lambda uow: describing.change_owner(
            uow, institution_id=institution_id, line=line, owner=renamed
        ),
    )

    (row,) = dossiers.dossier(session, institution_id).owners
    assert (row.name, row.share_millionths) == ("张三丰", 600_000)
    assert row.id_number_masked == "*" * 14 + number[-4:]


def test_answering_no_takes_out_the_ties_named_before(agent, institution_id, session):
    def name_tie(uow):
        describing.add_tie(
            uow, institution_id=institution_id, name="示例市水利局", tie=TieKind.FUNDED, note=""
        )

    act(agent, name_tie)
    assert refused(agent, name_tie).code == "tie.twice"
    assert dossiers.dossier(session, institution_id).facts.has_ties is True
    act(
        agent,
        lambda uow: describing.answer_ties(uow, institution_id=institution_id, has_ties=False),
    )

    assert dossiers.dossier(session, institution_id).ties == ()


EXPIRED = {"valid_from": date(2020, 1, 1), "valid_to": TODAY - timedelta(days=1)}


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        (EXPIRED, "qualification.expired", "valid_to"),
        (
            {"valid_from": TODAY, "valid_to": TODAY - timedelta(days=9)},
            "qualification.dates_in_order",
            "valid_to",
        ),
        ({"kind": "made_up"}, "qualification.unknown_kind", "kind"),
        ({"level": "特级"}, "qualification.unknown_level", "level"),
        ({"specialty": "烹饪"}, "qualification.unknown_specialty", "specialty"),
        ({"issuer": "电话13800001234"}, "request.personal_number", "issuer"),
        *(
            ({"certificate_number": number}, "request.personal_number", "certificate_number")
            for number in (an_id_number(8), "138 0000 1234")
        ),
    ],
)
def test_a_wrong_certificate_is_refused_beside_its_field(
    agent, institution_id, changes, code, field
):
    refusal = refused(
        agent,
        lambda uow: papers.add_qualification(
            uow, institution_id=institution_id, certificate=a_certificate(**changes)
        ),
    )

    assert (refusal.code, refusal.field) == (code, field)
    if code == "qualification.expired":
        assert refusal.details == {"ended": EXPIRED["valid_to"].isoformat()}


@pytest.mark.parametrize("number", ["6222021234567890128", "甲222021010123", "ZX 13800001234"])
def test_the_number_of_a_paper_may_look_like_that_of_a_bank_card(
    agent, institution_id, session, number
):
    certificate = a_certificate(certificate_number=f"\u200b{number} ", issuer=" 示例协会\u200b")
    act(
        agent,
        lambda uow: papers.add_qualification(
            uow, institution_id=institution_id, certificate=certificate
        ),
    )

    (row,) = dossiers.dossier(session, institution_id).qualifications
    assert (row.certificate_number, row.issuer) == (number, "示例协会")


def test_a_certificate_is_entered_once(agent, institution_id):
    one = a_certificate(certificate_number="ZX-1")

    def add(uow):
        papers.add_qualification(uow, institution_id=institution_id, certificate=one)

    act(agent, add)
    assert refused(agent, add).code == "qualification.twice"


def test_a_draft_is_changed_and_keeps_its_scan(agent, institution_id, session):
    public_id = act(
        agent,
        lambda uow: papers.add_qualification(
            uow, institution_id=institution_id, certificate=a_certificate(), scan=a_scan()
        ),
    )
    act(
        agent,
        lambda uow: papers.change_qualification(
            uow, qualification_id=public_id, certificate=a_certificate(level="甲级")
        ),
    )

    row = seen.qualification(session, public_id)
    assert (row.level, row.scan_name) == ("甲级", "scan.png")


def test_a_drafted_certificate_that_is_taken_out_is_no_longer_stated(
    agent, institution_id, session
):
    public_id = act(
        agent,
        lambda uow: papers.add_qualification(
            uow, institution_id=institution_id, certificate=a_certificate()
        ),
    )
    act(agent, lambda uow: papers.drop_qualification(uow, qualification_id=public_id))

    assert dossiers.dossier(session, institution_id).qualifications == ()
    with pytest.raises(NotFound):
        act(agent, lambda uow: papers.drop_qualification(uow, qualification_id=public_id))


def test_a_practitioner_is_kept_encrypted_and_named_once(agent, institution_id, session):
    person = a_person()

    def add(uow):
        people.add_practitioner(uow, institution_id=institution_id, person=person, scan=a_scan())

    act(agent, add)

    assert refused(agent, add).code == "practitioner.twice"
    stored = session.execute(text("select id_number, id_number_hash from practitioner")).one()
    assert person.id_number not in "".join(stored)
    (row,) = dossiers.dossier(session, institution_id).practitioners
    assert row.id_number_masked == "*" * 14 + person.id_number[-4:]


def test_personal_numbers_are_nowhere_in_the_events(agent, session):
    listing_id = complete_dossier(agent)
    row = market.listing(session, listing_id)
    payloads = str([entry.payload for entry in public.history(session, row.institution_id)])

    assert "1990000" not in payloads
    assert "19800101" not in payloads


def test_the_undertaking_is_signed_once_and_stored_word_for_word(agent, institution_id, session):
    def sign(uow):
        people.sign_undertaking(uow, institution_id=institution_id, name="张三")

    act(agent, sign)

    assert refused(agent, sign).code == "undertaking.signed_already"
    signed = dossiers.dossier(session, institution_id).undertaking
    assert signed.text == CURRENT_UNDERTAKING.text
    assert (signed.signed_name, signed.signed_by) == ("张三", agent.user_id)


def test_the_letter_is_needed_only_until_the_authorisation_is_confirmed(session):
    confirmed, provisional = make_agent(), make_agent(provisional=True)
    ids = {agent: start(agent) for agent in (confirmed, provisional)}

    def upload(agent):
        return lambda uow: people.upload_authorisation(
            uow, institution_id=ids[agent], scan=a_scan()
        )

    assert refused(confirmed, upload(confirmed)).code == "authorisation.not_needed"
    act(provisional, upload(provisional))
    assert dossiers.dossier(session, ids[provisional]).authorisation.name == "scan.png"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"promised_days": 31}, "terms.too_long", "promised_days"),
        ({"promised_days": 0}, "terms.too_long", "promised_days"),
        ({"amount_fen": None}, "terms.needs_amount", "amount_fen"),
        ({"price_basis": PriceBasis.PER_UNIT}, "terms.needs_unit", "unit"),
        ({"price_basis": PriceBasis.SHARE}, "terms.needs_rate", "rate_millionths"),
        ({"price_basis": PriceBasis.QUOTED}, "terms.needs_note", "price_note"),
        (
            {"price_basis": PriceBasis.QUOTED, "price_note": " \u200b"},
            "terms.needs_note",
            "price_note",
        ),
        ({"price_note": "电话13800001234"}, "request.personal_number", "price_note"),
    ],
)
def test_a_wrong_promise_is_refused_beside_its_field(agent, institution_id, changes, code, field):
    listing_id = act(
        agent,
        lambda uow: offering.open_listing(uow, institution_id=institution_id, item_code="JL-Z01"),
    )
    refusal = refused(
        agent,
        lambda uow: offering.save_terms(uow, listing_id=listing_id, terms=terms(**changes)),
    )

    assert (refusal.code, refusal.field) == (code, field)


# Everything that the form can hold at once; each basis keeps its own part of it.
SAID = {
    "amount_fen": 1250,
    "unit": "平方米",
    "rate_millionths": 3_000,
    "price_note": "含差旅费。",
}


@pytest.mark.parametrize(
    ("basis", "kept"),
    [
        (PriceBasis.FIXED, {"amount_fen"}),
        (PriceBasis.PER_UNIT, {"amount_fen", "unit"}),
        (PriceBasis.SHARE, {"rate_millionths"}),
        (PriceBasis.QUOTED, set()),
    ],
)
def test_a_price_keeps_what_its_basis_needs_cleaned_and_the_rest_is_left_out(
    agent, institution_id, session, basis, kept
):
    listing_id = act(
        agent,
        lambda uow: offering.open_listing(uow, institution_id=institution_id, item_code="JL-Z01"),
    )
    said = terms(
        price_basis=basis, **SAID | {"unit": "\u200b平方米 ", "price_note": "含差旅费。\n"}
    )
    act(agent, lambda uow: offering.save_terms(uow, listing_id=listing_id, terms=said))

    row = dossiers.dossier(session, institution_id).terms_of(market.listing(session, listing_id).id)
    empty = {"amount_fen": None, "unit": "", "rate_millionths": None}
    wanted = SAID | {name: value for name, value in empty.items() if name not in kept}
    assert {name: getattr(row, name) for name in SAID} == wanted
    assert (row.price_basis, row.promised_days) == (basis, 10)


def test_an_item_is_applied_for_once_at_a_time(agent, institution_id):
    def begin(uow):
        return offering.open_listing(uow, institution_id=institution_id, item_code="JL-Z02")

    act(agent, begin)
    assert refused(agent, begin).code == "listing.exists"


def test_an_item_that_does_not_exist_is_not_found(agent, institution_id):
    with pytest.raises(NotFound):
        act(
            agent,
            lambda uow: offering.open_listing(
                uow, institution_id=institution_id, item_code="JL-Z99"
            ),
        )


def states(session, institution_id):
    tasks = dossiers.task_list(session, institution_id, TODAY)
    return {str(task.kind): str(task.state) for task in tasks}


def test_the_task_list_says_what_is_done_to_do_or_cannot_start(session):
    agent = make_agent(provisional=True)
    institution_id = start(agent)
    first = states(session, institution_id)
    listing_id = complete_dossier(agent)

    assert first["qualifications"] == first["practitioners"] == "blocked"
    assert {name for name, state in first.items() if state == "todo"} == {
        "basic", "contact", "owners", "ties", "undertaking", "authorisation",
    }  # fmt: skip
    assert set(states(session, institution_id).values()) == {"done"}
    assert dossiers.missing(session, listing_id, TODAY) == ()


def test_a_dossier_begins_with_the_region_of_the_organisation(session):
    agent = make_agent(region_code="220200")

    assert dossiers.dossier(session, start(agent)).facts.region_code == "220200"
    assert isinstance(seen.institution(session, start(agent)).started_at, datetime)
