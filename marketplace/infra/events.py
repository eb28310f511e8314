"""What happened to files, deliveries and data keys. The name of a file stays in its row."""

from dataclasses import dataclass
from typing import ClassVar

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class WorkerReleased(Event):
    """The operator let the worker of a restored database send again."""

    KIND: ClassVar[str] = "worker.released"
    SUBJECT: ClassVar[str] = "worker"


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


@dataclass(frozen=True)
class DeliveryReplayed(Event):
    """A parked delivery is to be tried again from the beginning."""

    KIND: ClassVar[str] = "delivery.replayed"
    SUBJECT: ClassVar[str] = "delivery"

    event_id: int
    subscriber: str


@dataclass(frozen=True)
class DeliverySkipped(Event):
    """A parked delivery was given up, which frees the later ones of its subject."""

    KIND: ClassVar[str] = "delivery.skipped"
    SUBJECT: ClassVar[str] = "delivery"

    event_id: int
    subscriber: str


@dataclass(frozen=True)
class SearchHashesRenewed(Event):
    """Hashes of one column were made anew under another key; the subject is always 0."""

    KIND: ClassVar[str] = "keys.hashes_renewed"
    SUBJECT: ClassVar[str] = "data_keys"

    column: str
    values: int


@dataclass(frozen=True)
class KeysRotated(Event):
    """Values of one column were encrypted under another key; the subject is always 0."""

    KIND: ClassVar[str] = "keys.rotated"
    SUBJECT: ClassVar[str] = "data_keys"

    column: str
    key_id: str
    values: int
