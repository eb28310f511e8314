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
from marketplace.engagements.forms.papers import ACCEPTED, WithPapers, further
from marketplace.engagements.forms.request import ChoiceForm, RequestForm, listing_choices

__all__ = [
    "ACCEPTED",
    "ActForm",
    "ChoiceForm",
    "ContractForm",
    "DeliverForm",
    "MoveForm",
    "PauseForm",
    "PaymentForm",
    "ReasonForm",
    "RequestForm",
    "WithPapers",
    "WordsForm",
    "further",
    "listing_choices",
]
