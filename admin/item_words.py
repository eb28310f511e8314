"""The facts of an item in words, for its page and for comparing its versions."""

from collections.abc import Callable, Iterable, Mapping

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from marketplace.catalogue.queries import ItemRow, KindRow
from marketplace.catalogue.rules import Need
from marketplace.catalogue.wording import limit_text, need_text
from marketplace.web.context import language
from marketplace.web.wording import label
from marketplace.web.words import local_name

Kinds = Mapping[str, KindRow]
Says = Callable[[ItemRow, Kinds], str]


def _variants(row: ItemRow, _kinds: Kinds) -> str:
    return _lines(f"{local_name(one)}: {limit_text(one.limit)}" for one in row.variants)


def _legal_basis(row: ItemRow, _kinds: Kinds) -> str:
    return _lines(f"{one.law} {one.article}".strip() for one in row.legal_basis)


def _approvals(row: ItemRow, _kinds: Kinds) -> str:
    return _lines(f"{one.code} {local_name(one)}" for one in row.approvals)


def _requirements(row: ItemRow, kinds: Kinds) -> str:
    asked = row.requirements
    if asked.none:
        return str(gettext("No qualification is asked for."))
    parts = [(gettext("All of these:"), asked.all_of), (gettext("At least one of:"), asked.any_of)]
    return "\n".join(
        _lines([str(head), *(_need(one, kinds) for one in needs)]) for head, needs in parts if needs
    )


def _need(need: Need, kinds: Kinds) -> str:
    return need_text(need, kinds.get(need.kind), language())


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(parts)


def _plain(name: str) -> Says:
    return lambda row, _kinds: str(getattr(row, name))


# Field, title, how it is said; in the order of the page.
FACTS: tuple[tuple[str, LazyString, Says], ...] = (
    ("name", _("Name"), _plain("name")),
    ("name_en", _("English name"), _plain("name_en")),
    ("limit", _("Time limit"), lambda row, _kinds: limit_text(row.limit)),
    (
        "limit_basis",
        _("Basis of the limit"),
        lambda row, _: label(f"limit_basis.{row.limit_basis}"),
    ),
    ("variants", _("Limits of single classes"), _variants),
    ("legal_basis", _("Legal basis"), _legal_basis),
    ("service_content", _("Content of the service"), _plain("service_content")),
    ("service_content_en", _("Content of the service, English"), _plain("service_content_en")),
    ("provider_qualification", _("Who may offer it"), _plain("provider_qualification")),
    (
        "provider_qualification_en",
        _("Who may offer it, English"),
        _plain("provider_qualification_en"),
    ),
    ("requirements", _("Qualifications asked for"), _requirements),
    ("conflict_rule", _("Conflicts of interest"), _plain("conflict_rule")),
    ("conflict_rule_en", _("Conflicts of interest, English"), _plain("conflict_rule_en")),
    ("open_to", _("Who may commission it"), lambda row, _: label(f"open_to.{row.open_to}")),
    ("open_to_reason", _("Reason for that"), _plain("open_to_reason")),
    ("open_to_reason_en", _("Reason for that, English"), _plain("open_to_reason_en")),
    ("departments", _("Departments"), lambda row, _: _lines(row.departments_now)),
    ("approvals", _("Linked approval items"), _approvals),
)


def facts(row: ItemRow, kinds: Kinds) -> list[dict[str, str]]:
    """Everything about a version, as a list of facts shows it."""
    return [
        {
            "label": str(title),
            "value": says(row, kinds),
            "lang": "en" if key.endswith("_en") else "",
        }
        for key, title, says in FACTS
    ]


def differences(old: ItemRow, new: ItemRow, kinds: Kinds) -> list[dict[str, str]]:
    """What differs between two versions, as a comparison shows it."""
    rows = [(str(title), says(old, kinds), says(new, kinds)) for _key, title, says in FACTS]
    return [{"label": title, "old": was, "new": now} for title, was, now in rows if was != now]
