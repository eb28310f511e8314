"""Forms of vetting: the checklist, made from the points of the case, and the acts beside it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from marketplace.kernel.errors import Refused
from marketplace.kernel.texts import MAX_WORDS
from marketplace.vetting.queries.rows import PointRow
from marketplace.vetting.rules import Outcome, Result
from marketplace.vetting.services.examining import Answer
from marketplace.vetting.wording import LABELS, REFUSALS
from marketplace.web.forms import Form

MAX_REMARK = 1000

_TOO_LONG = _("Please use at most %(max)d characters.")
_REASONS = _("Give the reasons.")


def _words(title: LazyString, needed: LazyString, *, most: int = MAX_WORDS, **more: Any) -> Any:
    """A field for words that an act needs."""
    return TextAreaField(title, [DataRequired(needed), Length(max=most, message=_TOO_LONG)], **more)


class ReturnForm(Form):
    """What the applicant has to mend, in the examiner's words."""

    note = _words(
        _("What has to be corrected"),
        _("Say what has to be corrected."),
        description=_(
            "Prefilled with every point that is not in order. The applicant reads it; a dossier "
            "is returned once only, so name everything."
        ),
    )


class ProposeForm(Form):
    """The examiner's proposal."""

    outcome = RadioField(
        _("Proposal"),
        [InputRequired(_("Choose what you propose."))],
        choices=[SelectChoice(str(one), LABELS[f"outcome.{one}"]) for one in Outcome],
    )
    reason = _words(_("Reasons"), _REASONS)


class DecideForm(Form):
    """The approver's decision: as proposed, with reasons."""

    outcome = HiddenField()
    reason = _words(
        _("Reasons of the decision"), _REASONS, description=_("The applicant reads them.")
    )


class SendBackForm(Form):
    """Why the examiner should look again."""

    reason = _words(_("What should be looked at again"), _("Say what should be looked at again."))


class RecuseForm(Form):
    """The tie that is declared."""

    reason = _words(
        _("What ties you to the applicant"),
        _("Say what ties you to the applicant."),
        most=MAX_REMARK,
        description=_("Seen by your association only."),
    )


class AssignForm(Form):
    """The examiner who takes over."""

    examiner = SelectField(_("Examiner"), [InputRequired(_("Choose an examiner."))], choices=[])


class WithdrawForm(Form):
    """Why an application is taken back; needs no reason."""

    reason = StringField(_("Reason"), [Optional(), Length(max=MAX_REMARK, message=_TOO_LONG)])


class ChecklistForm(Form):
    """The answers to the points of a case; its fields are added by `checklist_form`."""

    round = HiddenField()
    names: Mapping[str, str] = {}

    def validate(self, extra_validators: Any = None) -> bool:
        """A point not in order says why."""
        valid = super().validate(extra_validators)
        for name in self.names:
            result, remark = self[f"{name}_result"], self[f"{name}_remark"]
            if result.data == Result.NOT_OK and not remark.data:
                remark.errors = [
                    *remark.errors,
                    str(REFUSALS["vetting.remark_needed"]),
                ]
                valid = False
        return bool(valid)

    def refuse(self, refusal: Refused) -> None:
        """What is refused of a remark names the key of its point, and stands beside the remark."""
        for name, key in self.names.items():
            if key == refusal.field:
                refusal = Refused(refusal.code, f"{name}_remark", **refusal.details)
        super().refuse(refusal)

    def answers(self) -> dict[str, Answer]:
        """The points that have an answer, by their keys."""
        return {
            key: Answer(Result(self[f"{name}_result"].data), self[f"{name}_remark"].data or "")
            for name, key in self.names.items()
            if self[f"{name}_result"].data
        }


def point_names(points: Iterable[PointRow]) -> dict[str, str]:
    """Field names to point keys: the code, numbered where a point is asked of each certificate."""
    names: dict[str, str] = {}
    for row in points:
        number = 1
        while (name := f"{row.point.code}_{number}") in names:
            number += 1
        names[name] = row.point.key
    return names


def checklist_form(points: Sequence[PointRow]) -> type[ChecklistForm]:
    """The form of these points, filled with what was answered before."""
    attributes: dict[str, Any] = {"names": point_names(points)}
    for name, row in zip(attributes["names"], points, strict=True):
        answer = row.answer
        attributes[f"{name}_result"] = RadioField(
            _("Result"),
            [Optional()],
            choices=[SelectChoice(str(one), LABELS[f"result.{one}"]) for one in Result],
            default=str(answer.result) if answer else None,
        )
        attributes[f"{name}_remark"] = TextAreaField(
            _("Remark"),
            [Length(max=MAX_REMARK, message=_TOO_LONG)],
            default=answer.remark if answer else "",
        )
    return type("CaseChecklistForm", (ChecklistForm,), attributes)
