"""The form for a new version of an item: every fact as people can write it."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from wtforms import (
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    StopValidation,
)

from marketplace.catalogue import queries
from marketplace.catalogue.queries import ItemRow, listed
from marketplace.catalogue.queries.rows import ApprovalRow, Term
from marketplace.catalogue.rules.items import LISTS, OPEN_TO, ItemKind, Need
from marketplace.web.fields import CheckboxesField
from marketplace.web.forms import Form
from marketplace.web.wording import label
from marketplace.web.words import local_name, with_note

_BAR = "|"


class LinesField(TextAreaField):
    """Lines of `first | second | third`; `rows` holds the parts of each, without empty lines.

    Columns at the end of a line may be left out when they are optional. `parts` names them for
    whoever writes a line, and for whoever wrote one that has too few or too many; `example` is a
    line as it may be written, the same in every language.
    """

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        columns: int = 1,
        optional: int = 0,
        parts: Any = "",
        example: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.columns = columns
        self.least = columns - optional
        self.parts = parts
        self.example = example
        self.rows: list[tuple[str, ...]] = []

    def pre_validate(self, _form: Any) -> None:
        """Take the lines apart; a line with too few or too many parts is named."""
        written = enumerate((self.data or "").splitlines(), 1)
        self.rows = [self._parts(number, line) for number, line in written if line.strip()]

    def _parts(self, number: int, line: str) -> tuple[str, ...]:
        parts = [part.strip() for part in line.replace("｜", _BAR).split(_BAR)]
        if self.columns == 1:
            return (line.strip(),)
        if not self.least <= len(parts) <= self.columns or not parts[0]:
            raise StopValidation(
                gettext(
                    "Line %(number)s has %(count)s parts. Write %(parts)s, with | between them.",
                    number=number,
                    count=len(parts),
                    parts=self.parts,
                )
            )
        return (*parts, *[""] * (self.columns - len(parts)))


def as_lines(rows: Iterable[Iterable[str]]) -> str:
    """Rows as the field shows them, without empty parts at the end of a line."""
    return "\n".join(f" {_BAR} ".join(row).rstrip(f" {_BAR}") for row in rows)


def _whole(days: str) -> int:
    """A number of days as it may be written; no such number is 0, which the service refuses."""
    return int(days) if days.isdecimal() and len(days) <= _MOST_DIGITS else 0


_MOST_DIGITS = 4
WRITE_NAME = _("Write the name.")

_NEED_PARTS = _("code of the kind, lowest level, specialty")
_NEEDS = _(
    "One qualification a line, up to three parts with | between: code of the kind | lowest level | "
    "specialty. Level and specialty may be left out; the codes stand below."
)
_NEED = "drawing_review | 一类 | 房屋建筑"
_LINE_PARTS = _("Chinese, English")
_LINES = _(
    "One a line, up to two parts with | between: Chinese | English. Contracts begin with these "
    "lines; both sides may add others."
)


def _with_end(row: ApprovalRow) -> str:
    """The name of an approval item; one that ends is linked still, and never anew."""
    return with_note(local_name(row), gettext("ended")) if row.ended else local_name(row)


def _choices(prefix: str, *codes: str) -> list[SelectChoice]:
    return [SelectChoice(code, label(f"{prefix}.{code}")) for code in codes]


class ItemForm(Form):
    """What may differ in a new version; `version` is the one that was in force when it opened."""

    version = HiddenField()
    name = StringField(_("Name"), [InputRequired(WRITE_NAME), Length(max=120)])
    name_en = StringField(_("English name"), [InputRequired(WRITE_NAME), Length(max=200)])
    limit_value = IntegerField(
        _("Time limit"),
        [NumberRange(1, 1000, _("The limit is a whole number of days, at least one."))],
    )
    limit_unit = SelectField(_("Counted in"))
    limit_basis = SelectField(_("Basis of the limit"))
    variants = LinesField(
        _("Limits of single classes"),
        [Optional()],
        columns=3,
        parts=_("name, English name, days"),
        description=_(
            "One class a line, three parts with | between: name | English name | days. Leave it "
            "empty where all have the same limit."
        ),
        example="大型 | Large | 15",
    )
    legal_basis = LinesField(
        _("Legal basis"),
        [Optional()],
        columns=2,
        optional=1,
        parts=_("law, article"),
        description=_(
            "One law a line, two parts with | between: law | article. The article may be left out."
        ),
        example="水法 | 第十九条",
    )
    service_content = TextAreaField(_("Content of the service"), [DataRequired()])
    service_content_en = TextAreaField(_("Content of the service, English"), [Optional()])
    papers_owed = LinesField(
        _("What the client hands over before the work begins"),
        [Optional()],
        columns=2,
        optional=1,
        parts=_LINE_PARTS,
        description=_LINES,
        example="岩土工程勘察报告 | Geotechnical report",
    )
    checks = LinesField(
        _("What the result is checked for"),
        [Optional()],
        columns=2,
        optional=1,
        parts=_LINE_PARTS,
        description=_LINES,
        example="签字和印章齐全 | Signatures and seals are complete",
    )
    provider_qualification = TextAreaField(_("Who may offer it"), [DataRequired()])
    provider_qualification_en = TextAreaField(_("Who may offer it, English"), [Optional()])
    requirements = LinesField(
        _("Qualifications asked for: all of these"),
        [Optional()],
        columns=3,
        optional=2,
        parts=_NEED_PARTS,
        description=_NEEDS,
        example=_NEED,
    )
    any_of = LinesField(
        _("Qualifications asked for: at least one of these"),
        [Optional()],
        columns=3,
        optional=2,
        parts=_NEED_PARTS,
        description=_NEEDS,
        example=_NEED,
    )
    conflict_rule = TextAreaField(_("Conflicts of interest"), [DataRequired()])
    conflict_rule_en = TextAreaField(_("Conflicts of interest, English"), [Optional()])
    open_to = SelectField(_("Who may commission it"))
    payer_basis = TextAreaField(
        _("Rule by which whoever commissions it pays"), [InputRequired(_("Name the rule."))]
    )
    payer_basis_en = TextAreaField(_("The same rule in English"), [Optional()])
    payer_document = StringField(
        _("Number of the document that changes who may commission it"),
        [Optional(), Length(max=120)],
        description=_("Needed whenever who may commission it, or the rule, changes."),
    )
    departments_now = LinesField(
        _("Departments"), [Optional()], description=_("One present name of a department a line.")
    )
    approvals = CheckboxesField(_("Linked approval items"))
    prepares = CheckboxesField(
        _("Listed items whose object it prepares"),
        description=_("Who did this service for a project cannot do these for the same project."),
    )

    def offer(self, session: Session, kind: ItemKind) -> None:
        """Fill the choices, and leave out what an item of this kind cannot say."""
        self.limit_unit.choices = _choices("limit_unit", "workdays", "days")
        self.limit_basis.choices = _choices(
            "limit_basis", "law", "ministry_rule", "other_region_example", "assumption"
        )
        self.open_to.choices = _choices("open_to", *OPEN_TO[kind])
        kept = set(self.approvals.object_data or ())
        self.approvals.choices = [
            SelectChoice(one.code, f"{one.code} {_with_end(one.last)}")
            for one in listed.approval_items(session)
            if not one.last.ended or one.code in kept
        ]
        self.prepares.choices = [
            SelectChoice(one.code, f"{one.code} {local_name(one)}")
            for one in queries.items(session)
        ]
        for name in _ONLY_LISTED if kind is ItemKind.MARKET else _ONLY_MARKET:
            del self[name]

    def changes(self, before: ItemRow) -> dict[str, Any]:
        """What the form says otherwise than the version before."""
        shown = {name: was for name, was in written(before).items() if name in self}
        differs = {name for name, was in shown.items() if _even(self[name].data) != _even(was)}
        if "payer_document" in self and self.payer_document.data:
            differs.add("payer_document")
        asked = {name: value for name, value in self._values().items() if name in differs}
        if differs & {"requirements", "any_of"}:
            asked["requirements"] = self._asked_for(before.requirements.basis)
        return asked

    def _asked_for(self, basis: str) -> dict[str, Any]:
        """The qualifications asked for, as the service takes them."""
        return {
            "all_of": [_need(row) for row in self.requirements.rows],
            "any_of": [_need(row) for row in self.any_of.rows],
            "basis": basis,
        }

    def _values(self) -> dict[str, Any]:
        """The fields as the service takes them, but for the requirements."""
        values = {name: _even(self[name].data) for name in _AS_WRITTEN if name in self}
        if "variants" in self:
            values["variants"] = [
                {"name": name, "name_en": name_en, "value": _whole(days)}
                for name, name_en, days in self.variants.rows
            ]
            values["payer_document"] = _even(self.payer_document.data)
        values["legal_basis"] = [
            {"law": law, "article": article} for law, article in self.legal_basis.rows
        ]
        for name in LISTS:
            values[name] = [list(row) for row in self[name].rows]
        values["departments_now"] = [name for (name,) in self.departments_now.rows]
        return values


class ServiceForm(ItemForm):
    """A market service that is to be offered; it stands in a stage for good."""

    stage = SelectField(_("Stage"))

    def offer(self, session: Session, kind: ItemKind) -> None:
        """Fill the choices; a new one has not ended."""
        super().offer(session, kind)
        del self.open_to
        self.stage.choices = [
            SelectChoice(row.code, local_name(row)) for row in queries.stages(session)
        ]

    def facts(self) -> dict[str, Any]:
        """What the form says, as the service takes it."""
        said = self._values() | {"requirements": self._asked_for("assumption")}
        return said | {"stage": self.stage.data}


# What an item of the other kind has no word about.
_ONLY_LISTED = ("limit_value", "limit_basis", "variants", "payer_document")
_ONLY_MARKET = ("prepares",)

_AS_WRITTEN = (
    "name",
    "name_en",
    "limit_value",
    "limit_unit",
    "limit_basis",
    "service_content",
    "service_content_en",
    "provider_qualification",
    "provider_qualification_en",
    "conflict_rule",
    "conflict_rule_en",
    "open_to",
    "payer_basis",
    "payer_basis_en",
    "approvals",
    "prepares",
)


def written(row: ItemRow) -> dict[str, Any]:
    """A version as the form shows it."""
    plain = {name: said for name, said in vars(row).items() if name in _AS_WRITTEN}
    return plain | {
        "version": str(row.version_id),
        "limit_value": row.limit.value,
        "limit_unit": row.limit.unit.value,
        "variants": as_lines((one.name, one.name_en, str(one.limit.value)) for one in row.variants),
        "legal_basis": as_lines((one.law, one.article) for one in row.legal_basis),
        **{name: as_lines(_both(one) for one in getattr(row, name)) for name in LISTS},
        "departments_now": as_lines((name,) for name in row.departments_now),
        "requirements": as_lines(map(_written_need, row.requirements.all_of)),
        "any_of": as_lines(map(_written_need, row.requirements.any_of)),
        "approvals": [one.code for one in row.approvals],
        "prepares": list(row.prepares),
    }


def _both(line: Term) -> tuple[str, str]:
    return line.name, line.name_en


def _written_need(need: Need) -> tuple[str, str, str]:
    return need.kind, need.level_at_least, need.specialty


def _need(row: tuple[str, ...]) -> dict[str, str]:
    kind, level, specialty = row
    return {"kind": kind, "level_at_least": level, "specialty": specialty}


def _even(value: Any) -> Any:
    """Text without what browsers change about it; other values as they are."""
    if isinstance(value, str):
        return "\n".join(line.strip() for line in value.strip().splitlines())
    return value
