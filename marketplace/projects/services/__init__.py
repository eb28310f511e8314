"""The acts of projects: wanting, mirroring, claiming."""

from marketplace.projects.services.claims import (
    claim_item,
    pass_claim,
    release_item,
    require_need,
)
from marketplace.projects.services.mirroring import (
    delay_wanted,
    record_project,
    refresh_project,
    refuse_wanted,
)
from marketplace.projects.services.preparing import require_independent
