"""The directory as one would write it without an index: slow, short and plainly right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from search import ListingDocument, Query, Sort, Synonyms
from search.analysis import phrases, query_words, split_query, squash, syllables, text_words
from search.answering import BEGINS, EXACTLY, IN_NAME, IN_TEXT, SOUNDS, SYNONYM_IN_NAME
from search.schema import grade_rank

FACETS = {
    "items": lambda document: (document.item,),
    "regions": lambda document: document.regions,
    "grades": lambda document: (document.grade,),
    "levels": lambda document: document.levels,
}


@dataclass
class Oracle:
    """A plain mapping of documents that answers the same questions."""

    documents: dict[str, ListingDocument] = field(default_factory=dict)

    def apply(self, upserts: Iterable[ListingDocument], deletes: Iterable[str] = ()) -> None:
        for key in deletes:
            self.documents.pop(key, None)
        self.documents.update({document.key: document for document in upserts})

    def search(self, query: Query, synonyms: Synonyms):
        """Institution and best listing in order for the whole result, and the facet counts."""
        worth = self._worth(query, synonyms)
        found = list(self._passing(worth, query))
        order = sorted(found, key=lambda d: self._order(d, query.sort, worth[d.key]))
        best = {}
        for document in order:
            best.setdefault(document.institution_id, document.key)
        facets = {name: self._count(name, worth, query) for name in FACETS}
        return list(best.items()), facets

    def _passing(self, worth, query, without=""):
        for key in worth:
            document = self.documents[key]
            if all(
                name == without or not getattr(query, name) or set(values(document)) & {*wanted}
                for name, values in FACETS.items()
                for wanted in [getattr(query, name)]
            ):
                yield document

    def _count(self, name, worth, query):
        pairs = {
            (value, document.institution_id)
            for document in self._passing(worth, query, without=name)
            for value in FACETS[name](document)
        }
        counts: dict[str, int] = {}
        for value, _ in pairs:
            counts[value] = counts.get(value, 0) + 1
        return counts

    def _worth(self, query, synonyms):
        total = dict.fromkeys(self.documents, 0)
        for term in split_query(query.text):
            for worth in self._worth_somehow(term, synonyms):
                total = {key: total[key] + worth[key] for key in total if worth.get(key)}
        return total

    def _worth_somehow(self, term, synonyms):
        whole = self._worth_of(term, synonyms)
        ways = () if any(whole.values()) else synonyms.readings(term)
        for words in ways:
            found = [self._worth_of(word, synonyms) for word in words]
            if any(all(worth[key] for worth in found) for key in whole):
                return found
        return [whole]

    def _worth_of(self, term, synonyms):
        return {
            key: max(_worth_in(document, term), _worth_meant(document, synonyms.of(term)))
            for key, document in self.documents.items()
        }

    @staticmethod
    def _order(document, sort, worth):
        first = {
            Sort.RELEVANCE: -worth,
            Sort.GRADE: 0,
            Sort.DAYS: document.promised_days,
            Sort.ADMITTED: -document.admitted_on.toordinal(),
            Sort.NAME: " ".join(syllables(squash(document.name))).encode()[:64],
        }[sort]
        grade = grade_rank(document.grade)
        return first, grade, -document.score, document.institution_id, document.key.encode()


def _worth_in(document, term):
    name = squash(document.name)
    if name == term:
        return EXACTLY
    if term in name:
        return BEGINS if name[:2] == term[:2] else IN_NAME
    if _sounds(name, term):
        return SOUNDS
    return IN_TEXT if _in_text(document, term) else 0


def _worth_meant(document, forms):
    if any(form in squash(document.name) for form in forms):
        return SYNONYM_IN_NAME
    return IN_TEXT if any(_in_text(document, form) for form in forms) else 0


def _in_text(document, phrase):
    said = (document.profile, *document.words)
    text = "|".join((squash(document.name), *map(phrases, said)))
    return phrase in text and set(query_words(phrase)) <= text_words(text)


def _sounds(name, term):
    if len(term) < 3 or not term.isascii():
        return False
    parts = syllables(name)
    tails = ("".join(parts[start:]) for start in range(len(parts)))
    return term in "".join(part[0] for part in parts) or any(t.startswith(term) for t in tails)
