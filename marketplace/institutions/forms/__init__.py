"""Shape and wording of what institutions enter."""

from marketplace.institutions.forms.listings import ItemForm, PauseForm, TermsForm
from marketplace.institutions.forms.papers import (
    CertificateForm,
    KindForm,
    LetterForm,
    PersonForm,
    UndertakingForm,
)
from marketplace.institutions.forms.profile import (
    BasicForm,
    ContactForm,
    OwnerForm,
    TieForm,
    TiesForm,
)

__all__ = [
    "BasicForm",
    "CertificateForm",
    "ContactForm",
    "ItemForm",
    "KindForm",
    "LetterForm",
    "OwnerForm",
    "PauseForm",
    "PersonForm",
    "TermsForm",
    "TieForm",
    "TiesForm",
    "UndertakingForm",
]
