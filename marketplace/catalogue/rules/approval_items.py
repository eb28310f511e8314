"""What an approval item may say of itself."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from marketplace.kernel.characters import narrow
from marketplace.kernel.errors import Refused

ALL_PROJECTS, SOME_PROJECTS = "all_projects", "special"

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,7}")


def read_code(text: str) -> str:
    """The code by which the approval platform names it; refuses what cannot be one."""
    code = narrow(text).strip().upper()
    if not _CODE.fullmatch(code):
        raise Refused("catalogue.approval_code", field="code")
    return code


def check_facts(facts: Mapping[str, Any], known_departments: Collection[str]) -> None:
    """Refuse a whole version without a name or whoever decides, or with a condition for nobody."""
    for field in ("name", "name_en"):
        if not facts[field]:
            raise Refused("catalogue.approval_name", field=field)
    departments = facts["departments"]
    if not departments or not set(departments) <= set(known_departments):
        raise Refused("catalogue.approval_departments", field="departments")
    if facts["applies_to"] not in (ALL_PROJECTS, SOME_PROJECTS):
        raise Refused("catalogue.approval_applies_to", field="applies_to")
    if facts["applies_to"] == ALL_PROJECTS:
        for field in ("condition", "condition_en"):
            if facts[field]:
                raise Refused("catalogue.approval_condition", field=field)
