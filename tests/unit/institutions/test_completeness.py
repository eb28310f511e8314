"""What an application lacks is named one by one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from marketplace.catalogue.rules.items import HeldQualification, Need, Requirements
from marketplace.institutions.facts import FACTS
from marketplace.institutions.rules.dossier import Content, Section, find_missing
from marketplace.kernel.workdays import Limit

TODAY = date(2026, 11, 23)
LEVELS = {"consulting": ("甲级", "乙级")}
NEEDED_FACTS = [fact.name for fact in FACTS if fact.needed]
CERTIFICATE = HeldQualification("consulting", "乙级", "", date(2024, 1, 1), date(2027, 1, 1))
NEEDED = Requirements(all_of=(Need("consulting", "乙级"),))
EITHER = Requirements(any_of=(Need("consulting", "甲级"), Need("design")))
WHOLE = Content(
    facts=dict.fromkeys(NEEDED_FACTS, "said") | {"capital_fen": 0},
    owners=1,
    has_ties=False,
    ties=0,
    held=(CERTIFICATE,),
    unscanned=(),
    practitioners=1,
    unproved=0,
    undertaking_signed=True,
    authorisation_needed=True,
    authorised=True,
    promised_days=10,
)


LISTED = Limit(15)


def lacking(content=WHOLE, requirements=NEEDED, limit=LISTED):
    return find_missing(content, requirements, LEVELS, limit, TODAY)


def test_a_whole_dossier_lacks_nothing_and_no_capital_is_an_answer():
    assert lacking() == ()


@pytest.mark.parametrize("fact", NEEDED_FACTS)
def test_every_fact_is_asked_for(fact):
    (missing,) = lacking(replace(WHOLE, facts={**WHOLE.facts, fact: ""}))

    assert (missing.code, missing.section) == ("missing.fact", Section.PROFILE)
    assert missing.details == {"fact": f"fact.{fact}"}


@pytest.mark.parametrize(
    ("changed", "code", "section"),
    [
        ({"owners": 0}, "missing.owner", Section.OWNERS),
        ({"has_ties": None}, "missing.ties_answer", Section.TIES),
        ({"has_ties": True}, "missing.tie", Section.TIES),
        ({"held": ()}, "missing.qualification", Section.QUALIFICATIONS),
        ({"unscanned": ("ZX1",)}, "missing.scan", Section.QUALIFICATIONS),
        ({"practitioners": 0}, "missing.practitioner", Section.PRACTITIONERS),
        ({"unproved": 2}, "missing.practitioner_scan", Section.PRACTITIONERS),
        ({"undertaking_signed": False}, "missing.undertaking", Section.UNDERTAKING),
        ({"authorised": False}, "missing.authorisation", Section.AUTHORISATION),
        ({"promised_days": None}, "missing.terms", Section.TERMS),
        ({"promised_days": 16}, "missing.terms_too_long", Section.TERMS),
    ],
)
def test_each_gap_is_named_in_its_section(changed, code, section):
    (missing,) = lacking(replace(WHOLE, **changed))

    assert (missing.code, missing.section) == (code, section)


def test_an_expired_certificate_says_when_it_ended():
    ended = TODAY - timedelta(days=1)
    (missing,) = lacking(replace(WHOLE, held=(replace(CERTIFICATE, valid_to=ended),)))

    assert missing.code == "missing.qualification_expired"
    assert missing.details["ended"] == ended


def test_a_certificate_is_good_on_its_last_day():
    assert lacking(replace(WHOLE, held=(replace(CERTIFICATE, valid_to=TODAY),))) == ()


def test_of_alternatives_all_are_named_while_none_is_held():
    (missing,) = lacking(requirements=EITHER)

    assert missing.code == "missing.one_qualification"
    assert missing.details["needs"] == EITHER.any_of


def test_without_a_required_certificate_no_practitioner_need_be_named():
    bare = replace(WHOLE, held=(), practitioners=0)

    assert lacking(bare, Requirements()) == ()


def test_the_letter_is_asked_for_with_the_first_application_only():
    assert lacking(replace(WHOLE, authorisation_needed=False, authorised=False)) == ()


def test_everything_missing_is_named_at_once():
    nothing = Content(
        dict.fromkeys(NEEDED_FACTS), 0, None, 0, (), (), 0, 0, False, True, False, None
    )

    assert len(lacking(nothing)) == len(NEEDED_FACTS) + 7
