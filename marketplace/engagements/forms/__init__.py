"""Forms of engagements: shape and wording of input."""

from marketplace.engagements.forms.acts import (
    ActForm,
    ContractForm,
    DeliverForm,
    MoveForm,
    PauseForm,
    PaymentForm,
    ReasonForm,
    WordsForm,
)
from marketplace.engagements.forms.request import ChoiceForm, RequestForm

__all__ = [
    "ActForm",
    "ChoiceForm",
    "ContractForm",
    "DeliverForm",
    "MoveForm",
    "PauseForm",
    "PaymentForm",
    "ReasonForm",
    "RequestForm",
    "WordsForm",
]
