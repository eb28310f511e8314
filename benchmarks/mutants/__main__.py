"""Makes random small faults, one at a time, and asks the unit and service tests about each.

    python -m benchmarks.mutants [--count 120] [--seed N] [--jobs 2]
        [--only marketplace/vetting] [--tests tests/unit/vetting tests/service/vetting]

Faults are made in rules, policies and services of all features, in a copy of the tree, and every
fault is shown to the tests that run its line (those of its own feature first), on SQLite, in
parallel on the cores that are given. The first run finds out which tests run which lines and keeps
that under build/mutants; with --tests it asks those in the folders that are named alone. Faults
named in equivalent.toml change nothing and are not counted.
"""

import argparse
import json
import os
import random
import tempfile
import time
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from benchmarks.mutants.changing import Change, changes_in, normalised
from benchmarks.mutants.coverage_map import (
    TESTS,
    CoverageMap,
    Test,
    feature_of,
    read_map,
    sources,
)
from benchmarks.mutants.ground import CHOICE, MEMORY, Ground
from benchmarks.mutants.warm import COLD, Warm

EQUIVALENT = Path(__file__).with_name("equivalent.toml")
# No more than so many seconds of tests for one fault, as measured when the map was made.
MOST = 120.0
# A test may take so much longer than it did then, and starting takes a while.
PATIENCE, START = 6.0, 60.0


@dataclass(frozen=True)
class Fate:
    """What became of a fault: whether a test saw it, how many were asked, and the seconds."""

    change: Change
    died: bool
    tests: int
    seconds: float

    def __str__(self) -> str:
        state = "died " if self.died else "LIVED"
        asked = f"{self.tests} tests" if self.tests else "no test runs it"
        _, said = self.change.key
        return f"{state} {self.change.path}:{self.change.line}  {said}  ({asked})"


def equivalent() -> set[tuple[str, str]]:
    """The keys of the faults that change nothing."""
    listed = tomllib.loads(EQUIVALENT.read_text()).get("mutant", [])
    for each in listed:
        if not each["reason"]:
            raise SystemExit(f"{EQUIVALENT.name}: a reason is missing: {each}")
    return {(normalised(each["line"]), each["change"]) for each in listed}


def draw(root: Path, seed: int, count: int, only: Sequence[str]) -> tuple[list[Change], int]:
    """So many faults at random, without those that change nothing; and of how many."""
    everything = [
        change
        for path in sources(root)
        if path.startswith(tuple(only))
        for change in changes_in(path, (root / path).read_bytes())
    ]
    none = equivalent()
    random.Random(seed).shuffle(everything)
    return [each for each in everything if each.key not in none][:count], len(everything)


def within(tests: list[Test], most: float) -> list[Test]:
    """As many as take no longer than `most`, the first at any rate."""
    taken: list[Test] = []
    spent = 0.0
    for test in tests:
        spent += test.seconds
        if taken and spent > most:
            break
        taken.append(test)
    return taken


def show(ground: Ground, warm: Warm, known: CoverageMap, change: Change) -> Fate:
    """Make one fault, ask the tests, take it back; in a fresh process where it has to be."""
    started = time.monotonic()
    source = (ground.root / change.path).read_bytes()
    statement = normalised(source.decode().splitlines()[change.statement - 1])
    tests = within(known.tests_of(change, feature_of(change.path), statement), MOST)
    if not tests:
        return Fate(change, died=False, tests=0, seconds=0.0)
    choice = ground.root / "choice.json"
    choice.write_text(json.dumps([test.name for test in tests]))
    modules = sorted({test.name.partition("::")[0] for test in tests})
    limit = START + PATIENCE * sum(test.seconds for test in tests)
    code: int | str | None = warm.ask(
        path=change.path,
        line=change.line,
        changed=change.applied(source).decode(),
        choice=str(choice),
        arguments=ground.options("-x", *modules),
        seconds=limit,
    )
    if code == COLD:
        code = _ask_cold(ground, change, source, ("-x", *modules), str(choice), limit)
    return Fate(change, code != 0, len(tests), time.monotonic() - started)


def _ask_cold(
    ground: Ground,
    change: Change,
    source: bytes,
    arguments: tuple[str, ...],
    choice: str,
    limit: float,
) -> int | None:
    try:
        ground.write(change.path, change.applied(source))
        return ground.pytest(*arguments, environ={CHOICE: choice}, seconds=limit)[0]
    finally:
        ground.write(change.path, source)


def run(
    changes: list[Change], known: CoverageMap, grounds: list[Ground], folders: Sequence[str]
) -> list[Fate]:
    """Show every fault to its tests, as many at once as there are copies."""
    free: SimpleQueue[tuple[Ground, Warm]] = SimpleQueue()
    warm = [Warm(ground.root, ground.options(*folders)) for ground in grounds]
    for pair in zip(grounds, warm, strict=True):
        free.put(pair)

    def one(change: Change) -> Fate:
        pair = free.get()
        try:
            fate = show(*pair, known, change)
        finally:
            free.put(pair)
        print(f"{fate} {fate.seconds:.0f} s", flush=True)
        return fate

    try:
        with ThreadPoolExecutor(len(grounds)) as workers:
            return list(workers.map(one, changes))
    finally:
        for each in warm:
            each.end()


def main() -> None:
    """Draw, run, and say how many lived."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants")
    parser.add_argument("--count", type=int, default=120)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    parser.add_argument("--only", nargs="+", default=[""], help="where a module's path begins so")
    parser.add_argument("--tests", nargs="+", default=TESTS, help="folders of tests to ask alone")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--as-is", action="store_true", help="with the map there is, though older")
    asked = parser.parse_args()
    started = time.monotonic()
    memory = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="mutants-", dir=memory) as folder:
        places = [Path(folder) / str(number) for number in range(asked.jobs)]
        for place in places:
            place.mkdir()
        grounds = [Ground.laid(place) for place in places]
        known = read_map(grounds[0], folders=asked.tests, as_is=asked.as_is)
        changes, of = draw(grounds[0].root, asked.seed, asked.count, asked.only)
        fates = run(changes, known, grounds, asked.tests)
    lived = [fate for fate in fates if not fate.died]
    print()
    for fate in lived:
        print(fate)
    share = 100 * len(lived) / max(1, len(fates))
    minutes = (time.monotonic() - started) / 60
    print(
        f"mutants: {len(fates)} of {of}, seed {asked.seed}: {len(fates) - len(lived)} died,"
        f" {len(lived)} lived ({share:.1f} %); {minutes:.1f} min, {asked.jobs} at a time"
    )


if __name__ == "__main__":
    main()
