"""What scanners find, and what of it is accepted for a reason (`accepted.csv`)."""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

HERE = Path(__file__).parent
PLANTED = HERE / "planted"


@dataclass(frozen=True)
class Finding:
    """One thing that a scanner says: which rule, where, and what stands there."""

    scanner: str
    rule: str
    place: str
    line: int = 0
    words: str = ""

    def __str__(self) -> str:
        place = f"{self.place}:{self.line}" if self.line else self.place
        return f"{self.scanner}: {self.rule}: {place}: {self.words}"


@dataclass(frozen=True)
class Accepted:
    """A kind of finding that is no fault there: `place` is a pattern, `most` how many there are.

    Without a number there may be any.
    """

    scanner: str
    rule: str
    place: str
    most: int | None
    why: str

    def covers(self, finding: Finding) -> bool:
        """Whether the finding is one of these."""
        mine = (self.scanner, self.rule) == (finding.scanner, finding.rule)
        return mine and fnmatchcase(finding.place, self.place)


def accepted() -> list[Accepted]:
    """The table, as it is."""
    with (HERE / "accepted.csv").open(encoding="utf-8", newline="") as file:
        return [
            Accepted(**{**row, "most": int(row["most"]) if row["most"] else None})
            for row in csv.DictReader(file)
        ]


def judged(
    found: Sequence[Finding], table: Iterable[Accepted], scanners: Iterable[str]
) -> list[str]:
    """What is wrong: findings that nothing accepts, and lines of the table that nothing needs."""
    ran = set(scanners)
    lines = [line for line in table if line.scanner in ran]
    left, used = [], Counter[Accepted]()
    for finding in found:
        line = next((line for line in lines if line.covers(finding)), None)
        if line is None:
            left.append(str(finding))
        else:
            used[line] += 1
    for line in lines:
        if (line.most is None and not used[line]) or line.most not in (None, used[line]):
            wanted = "some" if line.most is None else line.most
            told = f"accepted.csv tells of {wanted}, found are {used[line]}"
            left.append(f"{line.scanner}: {line.rule}: {line.place}: {told}")
    return left
