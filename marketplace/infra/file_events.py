"""What happened to files. The name somebody gave a file stays in its row."""

from dataclasses import dataclass
from typing import ClassVar

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class FileStored(Event):
    """An upload was checked and kept."""

    KIND: ClassVar[str] = "file.stored"
    SUBJECT: ClassVar[str] = "file"

    owner_kind: str
    owner_id: int | None
    kind: str
    sha256: str
    size: int


@dataclass(frozen=True)
class FileBound(Event):
    """An upload of a form found the record it belongs to."""

    KIND: ClassVar[str] = "file.bound"
    SUBJECT: ClassVar[str] = "file"

    owner_kind: str
    owner_id: int


@dataclass(frozen=True)
class FileDiscarded(Event):
    """An upload that no record came to own, or that a draft gave up, was removed."""

    KIND: ClassVar[str] = "file.discarded"
    SUBJECT: ClassVar[str] = "file"

    sha256: str
