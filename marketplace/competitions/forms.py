"""Forms of competitions: the notice, the acts on it, bids, marks, questions."""

from collections.abc import Sequence
from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, StopValidation

from marketplace.competitions.queries.rows import CompetitionRow, CriterionRow, OpenedBid
from marketplace.competitions.rules import Method, Weight
from marketplace.competitions.services.bidding import Offer
from marketplace.competitions.services.notices import NoticeFacts
from marketplace.competitions.wording import LABELS, REFUSALS
from marketplace.kernel.times import SHANGHAI
from marketplace.projects.forms import need_field
from marketplace.web.fields import DateField, MoneyField, NumberField
from marketplace.web.forms import Form
from marketplace.web.uploads import UploadField

MAX_WORDS = 4000
OTHER_CRITERIA = 5
_TOO_LONG = _("Please use at most %(max)d characters.")
_HOURS = tuple(f"{hour:02d}:00" for hour in range(8, 19))
_MARK_DECIMALS = -2


def _reason(label: Any, description: Any = "") -> TextAreaField:
    return TextAreaField(
        label,
        [DataRequired(_("Give the reasons.")), Length(max=MAX_WORDS, message=_TOO_LONG)],
        description=description,
    )


def _closing_hour() -> SelectField:
    return SelectField(
        _("Hour"),
        [InputRequired(_("Choose the hour."))],
        choices=[SelectChoice(hour, hour) for hour in _HOURS],
        default="17:00",
    )


def _closing(form: Any) -> datetime:
    hour = time.fromisoformat(form.closes_hour.data)
    return datetime.combine(form.closes_on.parsed, hour, SHANGHAI)


class NoticeForm(Form):
    """What a notice says; the choices are those of the department."""

    project = SelectField(_("Project"), [InputRequired(_("Choose the project."))], choices=[])
    item = SelectField(_("Listed item"), [InputRequired(_("Choose the item."))], choices=[])
    title = StringField(
        _("Title of the notice"),
        [DataRequired(_("Give the notice a title.")), Length(max=120, message=_TOO_LONG)],
    )
    scope = TextAreaField(
        _("Scope and requirements"),
        [
            DataRequired(_("Say what is to be done.")),
            Length(max=MAX_WORDS, message=_TOO_LONG),
        ],
        description=_("Public. What is to be delivered, in which form, by when."),
    )
    method = RadioField(
        _("Method"),
        [InputRequired(_("Choose the method."))],
        choices=[SelectChoice(str(one), LABELS[f"competition_method.{one}"]) for one in Method],
        default=str(Method.LOWEST_PRICE),
    )
    merit = BooleanField(
        _("Merit: two entrants are enough"),
        description=_("Only for a comprehensive score that is run again after a failure."),
    )
    ceiling = MoneyField(
        _("Estimated amount"),
        [InputRequired(_("Enter the estimated amount."))],
        description=_("Public. It is reserved when the notice is published; no bid may be above."),
    )
    line = SelectField(_("Budget line"), [InputRequired(_("Choose the budget line."))], choices=[])
    closes_on = DateField(
        _("Sign-up closes on"), [InputRequired(_("Enter the day on which sign-up closes."))]
    )
    closes_hour = _closing_hour()
    price_weight = NumberField(_("Weight of the price"), [Optional()])

    def notice(self) -> NoticeFacts:
        """What was entered."""
        return NoticeFacts(
            project_id=self.project.data,
            item_code=self.item.data,
            title=self.title.data,
            scope=self.scope.data,
            method=Method(self.method.data),
            ceiling_fen=self.ceiling.parsed,
            budget_line_id=self.line.data,
            closes_at=_closing(self),
            weights=self.weights(),
            merit=bool(self.merit.data),
        )

    def weights(self) -> tuple[Weight, ...]:
        """The price first, then every criterion of which anything was filled in."""
        price = Weight(str(_("Bid price")), self.price_weight.parsed or 0, is_price=True)
        others = [
            Weight(self[f"name_{place}"].data or "", self[f"weight_{place}"].parsed or 0)
            for place in range(1, OTHER_CRITERIA + 1)
            if self[f"name_{place}"].data or self[f"weight_{place}"].parsed
        ]
        return (price, *others)


for _place in range(1, OTHER_CRITERIA + 1):
    setattr(
        NoticeForm,
        f"name_{_place}",
        StringField(
            _("Criterion %(number)s", number=_place),
            [Optional(), Length(max=60, message=_TOO_LONG)],
        ),
    )
    setattr(
        NoticeForm,
        f"weight_{_place}",
        NumberField(_("Weight of criterion %(number)s", number=_place), [Optional()]),
    )


def notice_values(
    row: CompetitionRow, criteria: Sequence[CriterionRow], project: str, line: str
) -> dict[str, Any]:
    """A stored notice as the form shows it."""
    closes_at = row.closes_at.astimezone(SHANGHAI)
    values: dict[str, Any] = {
        "project": project,
        "item": row.item_code,
        "title": row.title,
        "scope": row.scope,
        "method": str(row.method),
        "merit": row.merit,
        "ceiling": row.ceiling_fen,
        "line": line,
        "closes_on": closes_at.date(),
        "closes_hour": f"{closes_at:%H:00}",
    }
    others = [one for one in criteria if not one.is_price]
    values["price_weight"] = next((one.weight for one in criteria if one.is_price), None)
    for place, one in enumerate(others[:OTHER_CRITERIA], 1):
        values |= {f"name_{place}": one.name, f"weight_{place}": one.weight}
    return values


class ReasonForm(Form):
    """An act that needs its reasons in writing."""

    reason = _reason(_("Reasons"))


class PublicReasonForm(Form):
    """An act whose reasons everybody reads."""

    reason = _reason(_("Reasons"), _("Public."))


class PublishForm(Form):
    """The button that publishes, and the confirmation where a need is not known."""

    need_confirmed = need_field()


class RerunForm(Form):
    """When sign-up of the re-run closes."""

    closes_on = DateField(
        _("Sign-up closes on"), [InputRequired(_("Enter the day on which sign-up closes."))]
    )
    closes_hour = _closing_hour()

    def closes_at(self) -> datetime:
        """The instant of closing."""
        return _closing(self)


class JudgeForm(Form):
    """What the officer makes of the explanation of a very low price."""

    accepted = RadioField(
        _("Explanation"),
        [InputRequired(_("Choose one."))],
        choices=[
            SelectChoice("yes", _("Accepted: the bid stays in")),
            SelectChoice("no", _("Not accepted: the bid is excluded")),
        ],
    )
    reason = _reason(_("Reasons"))


class QuestionForm(Form):
    """A question about the notice."""

    body = TextAreaField(
        _("Your question"),
        [DataRequired(_("Write your question.")), Length(max=1000, message=_TOO_LONG)],
        description=_(
            "Question and answer are public; who asked is not. Do not write names or prices."
        ),
    )


class AnswerForm(Form):
    """The answer to a question, for everybody."""

    answer = TextAreaField(
        _("Answer"),
        [DataRequired(_("Write the answer.")), Length(max=2000, message=_TOO_LONG)],
        description=_("Public. The question is not changed."),
    )


class BidForm(Form):
    """What is offered. All of it is put under seal when the form is sent."""

    price = MoneyField(
        _("Your price"),
        [InputRequired(_("Enter your price."))],
        description=_("Sealed at once: nobody, you included, reads it before the opening."),
    )
    promised_days = NumberField(
        _("Days you promise"), [InputRequired(_("Enter the days you promise."))]
    )
    statement = TextAreaField(
        _("Statement"),
        [Optional(), Length(max=2000, message=_TOO_LONG)],
        description=_("Read by the department after the opening. Do not write your price here."),
    )
    proposal = UploadField(
        _("Proposal file"),
        [Optional()],
        description=_("PDF, PNG or JPEG, at most 20 MB. A new file replaces the earlier one."),
    )

    def offer(self) -> Offer:
        """What was entered."""
        return Offer(
            price_fen=self.price.parsed,
            promised_days=self.promised_days.parsed,
            statement=self.statement.data or "",
            proposal=self.proposal.upload,
        )


class JustifyForm(Form):
    """Why a very low price is enough to do the work properly."""

    words = TextAreaField(
        _("Your explanation"),
        [DataRequired(_("Explain your price.")), Length(max=MAX_WORDS, message=_TOO_LONG)],
        description=_("How the work can be done properly for this price. You can send it once."),
    )


class MarksForm(Form):
    """Marks of 0 to 100; its fields are added by `marks_form`."""

    places: dict[str, tuple[str, int]] = {}

    def marks(self) -> dict[tuple[str, int], Decimal]:
        """The marks that were entered, by bid and criterion."""
        return {
            place: self[name].parsed
            for name, place in self.places.items()
            if self[name].parsed is not None
        }


class MarkField(NumberField):
    """A mark of 0 to 100 with at most two decimals."""

    def read(self, text: str) -> Any:
        """The mark."""
        try:
            mark = Decimal(text)
        except InvalidOperation:
            raise StopValidation(str(REFUSALS["competition.mark_out_of_range"])) from None
        if not mark.is_finite() or not 0 <= mark <= 100:
            raise StopValidation(str(REFUSALS["competition.mark_out_of_range"]))
        if int(mark.as_tuple().exponent) < _MARK_DECIMALS:
            raise StopValidation(str(_("A mark has at most two decimals.")))
        return mark

    def written(self, value: Any) -> str:
        """Without decimals it does not need."""
        return f"{value:.2f}".rstrip("0").rstrip(".")


def marks_form(
    bids: Sequence[OpenedBid], criteria: Sequence[CriterionRow], marks: dict[Any, Any]
) -> type[MarksForm]:
    """The form of these bids and criteria, filled with the marks given before."""
    attributes: dict[str, Any] = {"places": {}}
    for bid in bids:
        for one in criteria:
            if one.is_price:
                continue
            name = f"mark_{bid.public_id}_{one.id}"
            attributes["places"][name] = (bid.public_id, one.id)
            kept = marks.get((bid.id, one.id))
            attributes[name] = MarkField(
                _("%(criterion)s, %(name)s", criterion=one.name, name=bid.name),
                [Optional()],
                default=kept.mark if kept else None,
            )
    return type("CompetitionMarksForm", (MarksForm,), attributes)
