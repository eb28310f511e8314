"""Structured logs: one JSON object a line, with the request id and without personal data.

Lines carry ids, codes and amounts. As a second fence, text that looks like a personal number or
an e-mail address is masked, and an exception is logged by its type and the places it passed; its
message, which may hold what somebody typed, is added outside production only.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{7,35}")
_PERSONAL = re.compile(
    r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9}|\d{16,19})(?![\dXx])|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
)
_SECRET_KEYS = frozenset({"password", "token", "secret", "code", "cookie", "authorization"})

Fields = MutableMapping[str, Any]


def is_request_id(text: str) -> bool:
    """Whether a request id that came from outside is harmless enough to be kept."""
    return _REQUEST_ID.fullmatch(text) is not None


def masked(text: str) -> str:
    """The text with personal numbers and mail addresses taken out."""
    return _PERSONAL.sub("[masked]", text)


def _mask(_logger: Any, _method: str, fields: Fields) -> Fields:
    for name, value in fields.items():
        if name in _SECRET_KEYS:
            fields[name] = "[masked]"
        elif isinstance(value, str) and name not in {"timestamp", "request_id"}:
            fields[name] = masked(value)
    return fields


def places(error: BaseException) -> list[str]:
    """Where the error passed, innermost last: `file.py:line function`."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno} {f.name}" for f in frames[-12:]]


class _Exceptions:
    """Turns `exc_info` into the error's type and places."""

    def __init__(self, *, with_message: bool) -> None:
        self._with_message = with_message

    def __call__(self, _logger: Any, _method: str, fields: Fields) -> Fields:
        found = fields.pop("exc_info", None)
        error = sys.exc_info()[1] if found is True else found
        if isinstance(error, tuple):
            error = error[1]
        if isinstance(error, BaseException):
            fields["error"] = type(error).__name__
            fields["places"] = places(error)
            if self._with_message:
                fields["error_text"] = str(error)[:1000]
        return fields


def _configuration(*, with_message: bool) -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _Exceptions(with_message=with_message),
        _mask,
    ]


def configure(*, production: bool, level: int = logging.INFO) -> None:
    """Send the house's own lines and those of the libraries through one JSON formatter."""
    shared = _configuration(with_message=not production)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_logger_name,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_logger_name,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ExtraAdder(),
            *shared,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    house = logging.getLogger("marketplace")
    for handler in [h for h in house.handlers if isinstance(h, _Stream)]:
        house.removeHandler(handler)
    stream = _Stream()
    stream.setFormatter(formatter)
    house.addHandler(stream)
    house.setLevel(level)


class _Stream(logging.StreamHandler[Any]):
    """Writes to whatever standard error is now, so that tests that replace it read the lines."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        self.stream = sys.stderr
        super().emit(record)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module; `log.info("outbox.delivered", delivery_id=7)`."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def bind_request(request_id: str) -> None:
    """Put the request's id into every line of this request."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)


def release_request() -> None:
    """Forget the request's id."""
    structlog.contextvars.clear_contextvars()
