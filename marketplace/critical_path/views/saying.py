"""How the page says what was reckoned: each figure with the numbers that it was made of."""

from collections.abc import Callable
from datetime import date

from flask_babel import gettext as _

from marketplace.catalogue.forms import item_name, stage_names
from marketplace.catalogue.wording import limit_text, rule_value
from marketplace.critical_path.queries import CriticalPath
from marketplace.critical_path.rules.counting import COUNTED, Owner
from marketplace.critical_path.rules.schedule import Basis, Saving, Step, Wait, Why
from marketplace.kernel.workdays import Limit
from marketplace.web.wording import label
from marketplace.web.words import with_note

_PLUS, _MINUS = " + ", " − "


def workdays(count: int) -> str:
    """So many working days, in words."""
    return rule_value(count, "workdays")


def used_formula(path: CriticalPath) -> str:
    """The days that count, by whose they were."""
    by = path.count.by
    parts = [with_note(str(by.get(one, 0)), label(f"path_day.{one}")) for one in COUNTED]
    return f"{_PLUS.join(parts)} = {path.count.used}"


def left_formula(path: CriticalPath) -> str:
    """What is left of the days of the plan, or how many more were used."""
    days, used, left = path.count.plan.days, path.count.used, path.count.left
    if left < 0:
        return str(_("%(used)s − %(days)s = %(over)s over", used=used, days=days, over=-left))
    return f"{days}{_MINUS}{used} = {left}"


def check_formula(path: CriticalPath) -> str:
    """All working days of the axis: those that count and those that do not."""
    by, others = path.count.by, [one for one in Owner if one not in COUNTED]
    parts = [with_note(str(path.count.used), str(_("counted")))]
    parts += [with_note(str(by.get(one, 0)), label(f"path_day.{one}")) for one in others]
    return f"{_PLUS.join(parts)} = {len(path.count.days)}"


def falls_text(path: CriticalPath, day_text: Callable[[date], str]) -> str:
    """On which day the last of the plan's days was, or would be, used up."""
    count = path.count
    if count.full is not None:
        return str(
            _(
                "%(day)s: the %(number)s. counted working day after %(start)s",
                day=day_text(count.full),
                number=count.plan.days,
                start=day_text(count.start or count.full),
            )
        )
    if count.falls is None:
        return str(_("none: all ended before the days were used up"))
    return str(
        _(
            "%(day)s: %(left)s after %(through)s, if every working day counts from then on; "
            "later with each day that does not",
            day=day_text(count.falls),
            left=workdays(count.left),
            through=day_text(count.through),
        )
    )


def name_of(path: CriticalPath, code: str) -> str:
    """The name of an approval item of the project, or of an item of the market."""
    names = {row.code: row.name for row in path.approvals}
    return names.get(code) or item_name(code) or code


def stage_of(path: CriticalPath, code: str) -> str:
    """The name of the stage of an approval item."""
    stage = next(one.stage for one in path.record.approvals if one.code == code)
    return stage_names().get(stage, stage)


def wait_text(path: CriticalPath, wait: Wait) -> str:
    """What an approval item waits for."""
    said = label(f"path_wait.{wait.why}")
    if wait.why is Why.COORDINATION:
        return with_note(said, wait.about[0])
    if wait.why is Why.STAGE:
        stages = dict.fromkeys(stage_of(path, code) for code in wait.about)
        return with_note(said, str(_(", ")).join(stages))
    if wait.why is not Why.ITEM:
        return said
    job = next(one for one in path.jobs if one.item == wait.about[0])
    name = with_note(name_of(path, job.item), job.item)
    if job.commissioned:
        return str(_("%(item)s, which is commissioned", item=name))
    return str(_("%(item)s, which nobody has commissioned here yet", item=name))


def first_text(path: CriticalPath) -> str:
    """What the whole project waits for first, and whose turn that is."""
    if path.first is None:
        return ""
    if path.first.owner is Owner.IDLE:
        said = {"item": name_of(path, path.first.code), "what": wait_text(path, path.first)}
        return str(_("%(item)s waits: %(what)s.", **said))
    return str(
        _(
            "%(item)s (%(code)s) waits for: %(what)s. Whose turn it is: %(whose)s.",
            item=name_of(path, path.first.code),
            code=path.first.code,
            what=wait_text(path, path.first),
            whose=label(f"path_owner.{path.first.owner}"),
        )
    )


def step_text(path: CriticalPath, step: Step, day_text: Callable[[date], str]) -> str:
    """How the end of a step was found."""
    begins, days = day_text(step.begins), limit_text(step.days) if step.days else ""
    if step.basis is Basis.DUE:
        return str(_("the due day that the approval platform names"))
    if step.basis is Basis.OVERDUE:
        return str(_("its due day is over; today at the earliest"))
    if step.basis is Basis.WORK:
        return str(_("waits for %(item)s", item=name_of(path, step.after)))
    if step.basis is Basis.LIMIT:
        return str(_("%(begins)s + its limit of %(days)s", begins=begins, days=days))
    return str(
        _(
            "%(begins)s + %(days)s that are left (%(formula)s)",
            begins=begins,
            days=days,
            formula=_left_of(path, step),
        )
    )


def _left_of(path: CriticalPath, step: Step) -> str:
    """What is left of a limit as a difference."""
    left = step.days.value if step.days else 0
    job = next((one for one in path.jobs if one.item == step.code), None)
    limits = {one.code: one.limit for one in path.record.approvals}
    total = job.total if job else limits.get(step.code)
    if total is None:
        return str(left)
    return f"{total.value}{_MINUS}{total.value - left} = {left}"


def saved_formula(path: CriticalPath, one: Saving) -> str:
    """What the fastest promise saves of an item's own days."""
    job = next(job for job in path.jobs if job.item == one.item)
    unit = job.total.unit if job.total else None
    if unit is None or not one.saved:
        return str(_("nothing: %(fastest)s ≥ %(left)s", fastest=one.fastest, left=one.left))
    return f"{one.left}{_MINUS}{one.fastest} = {limit_text(Limit(one.saved, unit))}"


def project_saved(one: Saving, day_text: Callable[[date], str]) -> str:
    """What that saves of the way of the project: the difference of two reckonings."""
    if one.project is None or one.end_now is None or one.end_then is None:
        return str(_("cannot be told: no end of the project is known"))
    if one.project == 0:
        return str(_("nothing: something else ends later"))
    return str(
        _(
            "%(days)s (%(then)s instead of %(now)s)",
            days=workdays(one.project),
            then=day_text(one.end_then),
            now=day_text(one.end_now),
        )
    )
