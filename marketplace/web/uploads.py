"""A form field for a file: checked when the form is, with a clear message beside the field."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import Form as WtForm
from wtforms.validators import StopValidation

from marketplace.infra import security_log
from marketplace.infra.file_checks import DEFAULT_MEGABYTES, MEGABYTE, check_upload
from marketplace.infra.files import scanner
from marketplace.kernel.errors import Refused
from marketplace.web.wording import refusal_text

_CHOOSE = _("Choose a file.")


@dataclass(frozen=True)
class Upload:
    """What was uploaded: the name the browser gave and the bytes, checked."""

    name: str
    data: bytes


class UploadField(FileField):
    """A file of at most `max_megabytes`; after validation `upload` holds it, or None."""

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        max_megabytes: int = DEFAULT_MEGABYTES,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        # The macros and the form's summary know the plain field.
        self.type = "FileField"
        self.max_megabytes = max_megabytes
        self.upload: Upload | None = None

    def pre_validate(self, _form: WtForm) -> None:
        """Read and check the file; what is wrong with it is said beside the field."""
        storage = self.data
        if not isinstance(storage, FileStorage) or not storage.filename:
            return
        # One byte more than allowed tells that it is too large without reading it all.
        data = storage.stream.read(self.max_megabytes * MEGABYTE + 1)
        storage.stream.seek(0)
        try:
            checked = check_upload(
                storage.filename, data, max_megabytes=self.max_megabytes, clamd_socket=scanner()
            )
        except Refused as refusal:
            security_log.ended_by(refusal)
            raise StopValidation(refusal_text(refusal)) from None
        self.upload = Upload(checked.name, data)


class UploadRequired:
    """The field needs a file; `message` replaces the usual words."""

    field_flags = {"required": True}

    def __init__(self, message: Any = _CHOOSE) -> None:
        self.message = message

    def __call__(self, _form: WtForm, field: UploadField) -> None:
        """Stop when nothing was chosen."""
        if not isinstance(field.data, FileStorage) or not field.data.filename:
            raise StopValidation(str(self.message))
