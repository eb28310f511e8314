"""Fields for the papers of an act: one that is needed, two that may be added."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from wtforms.validators import Optional

from marketplace.engagements.services import Paper
from marketplace.web.forms import Form
from marketplace.web.uploads import UploadField

ACCEPTED = _("PDF, PNG or JPEG, at most 20 MB.")


def further(number: LazyString) -> UploadField:
    """A field for a paper more."""
    return UploadField(number, [Optional()], description=ACCEPTED)


class WithPapers(Form):
    """A form whose fields `paper`, `second` and `third` hold the papers of the act."""

    def papers(self) -> list[Paper]:
        """What was attached, in the order of the fields."""
        fields = [self._fields.get(name) for name in ("paper", "second", "third")]
        uploads = [field.upload for field in fields if isinstance(field, UploadField)]
        return [Paper(one.name, one.data) for one in uploads if one is not None]
