"""Public pages: the service items, one item, the rulebook."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from marketplace.catalogue import wording
from marketplace.catalogue.forms import item_name, region_text, time_given
from marketplace.catalogue.queries import listed, reference
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date
from marketplace.web.context import language, reading_session, request_time

bp = Blueprint("catalogue", __name__)


bp.add_app_template_filter(item_name)
bp.add_app_template_filter(region_text)
bp.add_app_template_filter(wording.days_text)
bp.add_app_template_filter(wording.most_text)
# A function, not a filter: of a constant the template would keep what a filter said once.
bp.add_app_template_global(time_given)


@bp.context_processor
def _words() -> dict[str, object]:
    return {
        "limit_text": wording.limit_text,
        "applies_text": wording.applies_text,
        "need_text": wording.need_text,
        "rule_title": wording.rule_title,
        "rule_value": wording.rule_value,
        "lang": language(),
    }


@bp.get("/items")
def items() -> ResponseReturnValue:
    """The items by stage, then the market services apart.

    `?stage=S1` (repeatable) leaves out the other stages.
    """
    session = reading_session()
    stages = listed.stages(session)
    asked = set(request.args.getlist("stage"))
    chosen = {stage.code for stage in stages if stage.code in asked}
    rows = [row for row in listed.items(session) if not chosen or row.stage.code in chosen]
    services = listed.market_services(session)
    return render_template(
        "catalogue/items.html",
        stages=stages,
        chosen=chosen,
        groups=[(stage, of) for stage in stages if (of := [r for r in rows if r.stage == stage])],
        count=len(rows),
        services=[row for row in services if not chosen or row.stage.code in chosen],
        item_list=listed.item_list(session),
    )


@bp.get("/items/<code>")
def item(code: str) -> ResponseReturnValue:
    """What one item is, when it is needed, who pays, how long it may take, who offers it."""
    session = reading_session()
    row = listed.item(session, code)
    return render_template(
        "catalogue/item.html",
        item=row,
        approvals=row.called_by(local_date(request_time())),
        kinds={kind.code: kind for kind in reference.qualification_kinds(session)},
        departments=_department_words(row.departments_now),
        offered=listed.offers_of(session, row.code),
        prepares=[listed.item(session, one) for one in row.prepares],
    )


def _department_words(names: tuple[str, ...]) -> list[str]:
    known = {one.name: one for one in listed.department_names(reading_session())}
    if language() != "en":
        return list(names)
    return [known[name].name_en if name in known else name for name in names]


@bp.get("/rules")
def rules() -> ResponseReturnValue:
    """Every number of policy with its source, the day it holds from, and what held before."""
    session = reading_session()
    today = local_date(request_time())
    book = reference.rulebook(session)
    groups: dict[str, list[str]] = {}
    for key in book.keys:
        groups.setdefault(wording.rule_group(key), []).append(key)
    return render_template(
        "catalogue/rules.html", book=book, groups=groups, today=today, count=len(book.keys)
    )


@bp.get("/calendar")
def calendar() -> ResponseReturnValue:
    """The working days of a year as every due date counts them; `?year=` chooses one."""
    session = reading_session()
    years = reference.calendar_years(session)
    today = local_date(request_time())
    year = request.args.get("year", today.year, type=int)
    if year not in {row.year for row in years} | {today.year}:
        raise NotFound
    return render_template(
        "catalogue/calendar.html",
        years=years,
        year=year,
        status=reference.calendar(session).year_status(year),
        row=next((one for one in years if one.year == year), None),
        days=reference.calendar_days(session, year),
        holiday_name=wording.holiday_name,
    )
