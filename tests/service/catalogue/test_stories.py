"""All that each change of the catalogue leaves behind, and what is refused beside it."""

from datetime import date, timedelta

from marketplace.catalogue.queries import reference
from marketplace.catalogue.services import calendar, editing
from marketplace.infra.database import db
from marketplace.kernel.actors import SYSTEM
from tests.dossiers import act
from tests.personas import Persona, actor
from tests.stories import refusals

TODAY = date(2026, 11, 23)
FIXED = ("2027-01-01", "2027-05-01", "2027-10-01", "2027-10-02", "2027-10-03")


def staff():
    """Whom a story names."""
    return {
        "the administrator": actor(Persona.SYSTEM_ADMIN),
        "the security administrator": actor(Persona.SECURITY_ADMIN),
        "the supervisor": actor(Persona.SUPERVISOR),
    }


def test_a_new_version_of_an_item_is_put_in_force_with_what_was_named(story):
    people = staff()
    admin = people["the administrator"]

    def put(code="JL-Z01", **changes):
        return lambda uow: editing.put_item_version_in_force(uow, code=code, **changes)

    with story("catalogue/items", catalogue=True, **people) as told:
        told.may({"change": put(limit_value=20)}, *people.values())
        need = {"kind": "engineering_consulting_credit"}
        tries = {
            "nothing": put(),
            "the same": put(open_to="either"),
            "unknown": put("JL-Z99", limit_value=1),
            "no limit": put(limit_value=0),
            "a day": put(limit_value=1),
            "a unit": put(limit_unit="weeks"),
            "a basis": put(limit_basis="hearsay"),
            "open to": put(open_to="all"),
            "no name": put(name=" "),
            "no English name": put(name_en=" "),
            "a variant": put(variants=[{"name": "甲", "name_en": "A", "value": 1}]),
            "a variant of no day": put(variants=[{"name": "甲", "name_en": "A", "value": 0}]),
            "half a variant": put(variants=[{"name": "甲", "value": 1}]),
            "half a law": put(legal_basis=[{"law": "甲"}]),
            "a law": put(legal_basis=[{"law": "甲", "article": "一"}]),
            "a need": put(requirements={"all_of": [need]}),
            "one of two": put(requirements={"any_of": [need]}),
            "a need of nothing known": put(requirements={"all_of": [{"kind": "x"}]}),
            "an alternative of nothing known": put(requirements={"any_of": [{"kind": "x"}]}),
            "a level": put(requirements={"all_of": [need | {"level_at_least": "x"}]}),
            "a specialty": put(requirements={"all_of": [need | {"specialty": "x"}]}),
            "no requirements": put(requirements={"every_of": []}),
            "approvals": put(approvals=["A01", "A03"]),
            "an unknown approval": put(approvals=["A01", "Z99"]),
        }
        told.may(tries, admin)
        act(admin, put(limit_value=21, open_to="department", approvals=["A03", "A01"]))


def test_a_rule_gets_another_value_from_a_day_on(story):
    people, key = staff(), "vetting.substance_days"
    admin = people["the administrator"]

    def add(**changes):
        said = {"key": key, "value": 6, "valid_from": TODAY} | changes
        return lambda uow: editing.add_rulebook_entry(uow, **said)

    with story("catalogue/rules", catalogue=True, **people) as told:
        told.may({"add": add()}, *people.values())
        first = reference.rulebook(db.session()).history(key)[0].valid_from
        db.session.rollback()
        tries = {
            "unknown": add(key="x.y"),
            "yesterday": add(valid_from=TODAY - timedelta(days=1)),
            "tomorrow": add(valid_from=TODAY + timedelta(days=1)),
            "the first day": add(valid_from=first),
            "words": add(value="x"),
            "nought": add(value=0),
            "less": add(value=-1),
        }
        told.may(tries, admin)
        act(admin, add(source=" 通知 ", note=" 试行 "))
        refusals(lambda: act(admin, add()))


def test_synonyms_are_put_renewed_and_removed(story):
    people = staff()
    admin = people["the administrator"]

    def put(term=" 稳 评 ", meanings=("社会稳定 风险评估", " ", "社会稳定风险评估")):
        return lambda uow: editing.put_synonym(uow, term=term, meanings=list(meanings))

    words = [f"词{number}" for number in range(13)]
    with story("catalogue/synonyms", catalogue=True, **people) as told:
        told.may({"put": put()}, *people.values())
        tries = {
            "no term": put(" "),
            "40": put("词" * 40),
            "41": put("词" * 41),
            "no meaning": put(meanings=[" "]),
            "12 meanings": put(meanings=words[:12]),
            "13 meanings": put(meanings=words),
            "40 long": put(meanings=["词" * 40]),
            "41 long": put(meanings=["词" * 41]),
            "itself": put("甲", ["乙", "甲"]),
        }
        told.may(tries, admin)
        key = act(admin, put())
        act(admin, put(meanings=["稳定评估"]))
        remove = lambda uow: editing.remove_synonym(uow, public_id=key)  # noqa: E731
        told.may({"remove": remove}, *people.values())
        act(admin, remove)
        refusals(lambda: act(admin, remove))


def text(*more, fixed=FIXED, header="date,is_workday,kind,name"):
    """A file of a year's days."""
    return "\n".join([header, *(f"{day},0,,节" for day in fixed), *more]) + "\n"


def test_a_year_of_days_is_announced(story):
    people = staff()
    admin = people["the administrator"]

    def put(year=2027, data="", notice=" 1号 "):
        return lambda uow: calendar.import_calendar_year(
            uow, year=year, text=data or text(), notice=notice
        )

    with story("catalogue/calendar", catalogue=True, **people) as told:
        told.may({"announce": put()}, *people.values())
        late = ("2026-01-01", "2026-05-01", "2026-10-01", "2026-10-02", "2026-10-03")
        tries = {
            "2025": put(2025),
            "this year": put(2026, text("2026-12-31,0", fixed=late)),
            "2101": put(2101),
            "no notice": put(notice=" "),
            "no header": put(data=text(header="day,works")),
            "another year": put(data=text("2028-01-01,0")),
            "twice": put(data=text("2027-01-01,0")),
            "no day": put(data=text("x,0")),
            "no mark": put(data=text("2027-02-05,2")),
            "one missing": put(data=text(fixed=FIXED[:-1])),
            "a holiday worked": put(data=text("2027-10-03,1", fixed=FIXED[:-1])),
        }
        told.may(tries, admin)
        act(admin, put(data=text("2027-02-05,0,除夕,春节", "2027-02-20,1")))
        refusals(lambda: act(admin, put(data=text("2027-02-05,0,除夕,春节", "2027-02-20,1"))))
        act(SYSTEM, put(data=text("2027-02-05,1", "2027-02-06,0"), notice="2号"))
        act(admin, put(2026, text("2026-11-23,0", "2026-11-24,0", fixed=late)))
