"""What a token of the public API may do, beside what its membership may."""

from enum import StrEnum


class Scope(StrEnum):
    """One permission of a token; the first two are open to everybody."""

    ITEMS_READ = "items:read"
    INSTITUTIONS_READ = "institutions:read"
    PROJECTS_READ = "projects:read"
    PROJECTS_WRITE = "projects:write"
    ENGAGEMENTS_READ = "engagements:read"
