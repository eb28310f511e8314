"""Questions to 20,000 listings: the search library against Whoosh's ordinary API.

Both read the same index in the same process, take the same questions in turn, and must give the
same answer: the number of institutions, the facets counted in institutions with each facet's own
filter lifted, and the page of institutions. Whoosh does it with `groupedby` and `sortedby`.

    python -m benchmarks.search_directory [--listings 20000] [--questions 15]
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from whoosh.index import FileIndex
from whoosh.query import And, Every, Or, Term
from whoosh.query import Query as WhooshQuery
from whoosh.searching import Results, Searcher
from whoosh.sorting import FieldFacet

from benchmarks.invented_listings import GRADES, ITEMS, PREFECTURES, invent_listings
from search import Directory, Indexer, ListingDocument, Query, Sort
from search.index import read_place
from search.schema import DAYS, FACETS, LEVEL, NAME, REGION, WORDS

WANTED = 50
PAGE_SIZE = 20

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Question:
    """The same question in both languages; the filters are those of `ours`."""

    ours: Query
    words: WhooshQuery

    @property
    def filters(self) -> dict[str, WhooshQuery]:
        """What Whoosh is to filter by, for each facet that is filtered."""
        wanted = zip(FACETS, (self.ours.items, self.ours.regions, self.ours.grades), strict=False)
        return {field: Or([Term(field, v) for v in values]) for field, values in wanted if values}

    def theirs(self, without: str = "") -> WhooshQuery:
        """The question for Whoosh, with the filter of one facet lifted."""
        kept = [query for field, query in self.filters.items() if field != without]
        return And([self.words, *kept])


Maker = Callable[[random.Random, list[ListingDocument]], Question]


def fragment(chance: random.Random, listings: list[ListingDocument]) -> Question:
    """Two neighbouring characters of some name."""
    name = chance.choice(listings).name
    start = chance.randrange(3, 7)
    piece = name[start : start + 2]
    return Question(Query(text=piece), Or([Term(NAME, piece), Term(WORDS, piece)]))


def words_and_filters(chance: random.Random, _: list[ListingDocument]) -> Question:
    """Two words, an item and a grade."""
    words = chance.choice(sorted(PREFECTURES.values()))[:2], chance.choice(("检测", "环境", "安全"))
    item, grade = chance.choice(ITEMS), chance.choice(GRADES)
    ours = Query(text=" ".join(words), items=(item,), grades=(grade,))
    both = [Or([Term(NAME, word), Term(WORDS, word)]) for word in words]
    return Question(ours, And(both))


def filter_and_sort(chance: random.Random, _: list[ListingDocument]) -> Question:
    """Everything in a prefecture in an order."""
    region = chance.choice(sorted(PREFECTURES))
    return Question(Query(regions=(region,), sort=Sort.DAYS), Every())


def common_word(chance: random.Random, _: list[ListingDocument]) -> Question:
    """A word that a third of all listings have."""
    word = chance.choice(("节能", "测量", "雷电", "林地"))
    return Question(Query(text=word), Or([Term(NAME, word), Term(WORDS, word)]))


def everything(_: random.Random, __: list[ListingDocument]) -> Question:
    """The directory as it opens."""
    return Question(Query(), Every())


CASES: dict[str, tuple[Maker, int]] = {
    "name fragment + 4 facets": (fragment, 1),
    "2 words, 2 filters + 4 facets": (words_and_filters, 1),
    "region, sorted + 4 facets, page 1": (filter_and_sort, 1),
    "region, sorted + 4 facets, page 25": (filter_and_sort, 25),
    "common word + 4 facets, page 1": (common_word, 1),
    "common word + 4 facets, page 50": (common_word, 50),
    "no words + 4 facets": (everything, 1),
}


def say(line: str = "") -> None:
    """One line to whoever runs this."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def ask_whoosh(
    searcher: Searcher, question: Question, institutions: list[int]
) -> tuple[list[int], dict[str, dict[str, int]]]:
    """The ordinary way: institutions in order, and institutions per value of each facet.

    Listings have several regions and levels, so those two groupings may overlap.
    """
    lifted = question.filters
    grouped = [_grouping(field) for field in FACETS if field not in lifted]
    results = searcher.search(
        question.theirs(),
        limit=None,
        groupedby=grouped,
        sortedby=DAYS if question.ours.sort is Sort.DAYS else None,
    )
    counts = {f: _count(results, f, institutions) for f in FACETS if f not in lifted}
    for field in lifted:
        wider = searcher.search(question.theirs(field), limit=1, groupedby=_grouping(field))
        counts[field] = _count(wider, field, institutions)
    ranked = dict.fromkeys(institutions[hit.docnum] for hit in results)
    return list(ranked), counts


def _grouping(field: str) -> FieldFacet:
    return FieldFacet(field, allow_overlap=field in (REGION, LEVEL))


def _count(results: Results, field: str, institutions: list[int]) -> dict[str, int]:
    groups = results.groups(field).items()
    counts = {name: len({institutions[doc] for doc in docs}) for name, docs in groups}
    counts.pop(None, None)
    return counts


def timed(work: Callable[[], Answer]) -> tuple[float, Answer]:
    """Milliseconds and what came of it."""
    start = time.perf_counter()
    answer = work()
    return (time.perf_counter() - start) * 1000, answer


def spread(times: list[float]) -> str:
    """Median and 95th percentile."""
    ordered = sorted(times)
    return f"{statistics.median(ordered):.2f} / {ordered[int(len(ordered) * 0.95)]:.2f}"


def measure(
    directory: Directory, searcher: Searcher, questions: list[Question], page: int
) -> tuple[list[float], list[float], list[float]]:
    """Times of the first asking, of asking again, and of Whoosh's ordinary API."""
    institutions = list(searcher.reader().column_reader("institution"))
    first, again, ordinary = [], [], []
    for question in questions:
        asked = replace(question.ours, page=page, page_size=PAGE_SIZE)
        took, ours = timed(lambda asked=asked: directory.search(asked))
        first.append(took)
        again.append(timed(lambda asked=asked: directory.search(asked))[0])
        took, (ranked, counts) = timed(
            lambda question=question: ask_whoosh(searcher, question, institutions)
        )
        ordinary.append(took)
        facets = ours.facets
        if (ours.total, facets.items, facets.regions, facets.grades, facets.levels) != (
            len(ranked),
            *(counts[field] for field in FACETS),
        ):
            raise SystemExit(f"The answers differ: {asked}")
    return first, again, ordinary


def compare(home: Path, listings: list[ListingDocument], count: int, seed: int) -> bool:
    """Print a row for each case; whether all are fast enough."""
    directory = Directory(home)
    directory.search(Query())
    searcher = FileIndex(read_place(home).storage).searcher()
    searcher.search(Every(), groupedby=list(FACETS))
    chance = random.Random(seed)
    good = True
    say("| question | first asked, ms | asked again, ms | Whoosh, ms | times faster |")
    say("|---|---|---|---|---|")
    for name, (make, page) in CASES.items():
        questions = [make(chance, listings) for _ in range(count)]
        first, again, ordinary = measure(directory, searcher, questions, page)
        ratio = statistics.median(ordinary) / statistics.median(first)
        good = good and ratio >= WANTED
        row = (name, spread(first), spread(again), spread(ordinary), f"{ratio:.0f}")
        say(f"| {' | '.join(row)} |")
    return good


def update(home: Path, count: int) -> None:
    """Change 100 listings in another process, over and over, and ask after each change."""
    command = [sys.executable, "-m", "benchmarks.search_directory", "--change", str(home)]
    writer = subprocess.Popen(
        [*command, "--listings", str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    directory = Directory(home)
    commits, answers = [], []
    with writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        for _ in range(31):
            start = time.perf_counter()
            writer.stdin.write("\n")
            writer.stdin.flush()
            writer.stdout.readline()
            commits.append((time.perf_counter() - start) * 1000)
            answers.append(timed(lambda: directory.search(Query()))[0])
        writer.stdin.close()
    say(f"Commit of 100 changed listings: {spread(commits[1:])} ms (median / 95 %).")
    say(f"First answer of another process after it: {spread(answers[1:])} ms.")


def change(home: Path, count: int) -> None:
    """The other process of `update`: one change for each line it is sent."""
    listings = list(invent_listings(count))
    chance = random.Random(3)
    indexer = Indexer(home)
    for _ in sys.stdin:
        indexer.apply(chance.sample(listings, 100))
        say("done")


def run(count: int, questions: int, seed: int) -> bool:
    """Build, compare, update."""
    listings = list(invent_listings(count))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "index"
        start = time.process_time()
        Indexer(home).rebuild(listings)
        say(f"Built {count} listings in {time.process_time() - start:.1f} s of CPU.")
        say()
        good = compare(home, listings, questions, seed)
        say()
        update(home, count)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"Memory of the whole benchmark: {memory:.0f} MB.")
    return good


def main() -> int:
    """Read the command line; 1 if anything was less than 50 times faster."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", type=int, default=20_000)
    parser.add_argument("--questions", type=int, default=15)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--change", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.change:
        change(options.change, options.listings)
        return 0
    return 0 if run(options.listings, options.questions, options.seed) else 1


if __name__ == "__main__":
    sys.exit(main())
