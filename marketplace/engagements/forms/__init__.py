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
from marketplace.engagements.forms.request import RequestForm

__all__ = [
    "ActForm",
    "ContractForm",
    "DeliverForm",
    "MoveForm",
    "PauseForm",
    "PaymentForm",
    "ReasonForm",
    "RequestForm",
    "WordsForm",
]
