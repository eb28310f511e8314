"""What can be wrong with an index on disk; a caller then answers from elsewhere and rebuilds."""

from __future__ import annotations


class IndexUnusableError(Exception):
    """The index cannot answer; search elsewhere and have it rebuilt."""


class IndexMissing(IndexUnusableError):
    """There is no index at this place, or its folder has gone."""


class IndexDamaged(IndexUnusableError):
    """The files are there but do not read back as they were written."""


class IndexOutdated(IndexUnusableError):
    """The index was written by another version of this library's schema or analysis."""


class IndexLocked(Exception):
    """Another process is writing; nothing was changed, the caller tries again later."""
