"""The acts of projects: wanting, mirroring, claiming."""

from marketplace.projects.services.claims import claim_item, pass_claim, release_item
from marketplace.projects.services.mirroring import record_project
from marketplace.projects.services.wanting import (
    WantedRef,
    delay_wanted,
    refresh_project,
    refuse_wanted,
    want_project,
)

__all__ = [
    "WantedRef",
    "claim_item",
    "delay_wanted",
    "pass_claim",
    "record_project",
    "refresh_project",
    "refuse_wanted",
    "release_item",
    "want_project",
]
