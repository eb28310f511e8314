"""People at browsers, as in vetting."""

from tests.web.vetting.conftest import person

__all__ = ["person"]
