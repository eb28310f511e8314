"""Revisions of the tables stand in one line, and each file is called as the revision in it."""

import re
from collections.abc import Mapping

from marketplace.settings import ROOT

FOLDER = ROOT / "migrations" / "versions"
SAID = re.compile(r'^(revision|down_revision) = (?:"(\w+)"|None)$', re.MULTILINE)


def out_of_line(texts: Mapping[str, str]) -> list[str]:
    """The files, in their order, that do not follow the one before, or have another's name."""
    found, before = [], ""
    for name in sorted(texts):
        said = dict(SAID.findall(texts[name]))
        own = said.get("revision", "")
        if said.get("down_revision") != before or f"_{own}_" not in name:
            found.append(name)
        before = own
    return found


def test_every_revision_follows_the_one_before():
    texts = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.py")}
    assert len(texts) > 1
    assert out_of_line(texts) == []


def test_two_that_follow_the_same_one_are_found_and_so_is_a_wrong_name():
    first = 'revision = "0001"\ndown_revision = None\n'
    second = 'revision = "0002"\ndown_revision = "0001"\n'
    texts = {"1_0001_a.py": first, "2_0002_b.py": second, "3_0002_c.py": second}
    assert out_of_line(texts) == ["3_0002_c.py"]
    assert out_of_line({"1_0001_a.py": first, "2_0003_b.py": second}) == ["2_0003_b.py"]
