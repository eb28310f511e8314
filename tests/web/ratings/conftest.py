"""The same browsers as those of engagements."""

from tests.web.engagements.conftest import person

__all__ = ["person"]
