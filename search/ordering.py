"""The orders of a result as keys of single documents, for whoever answers without the index."""

from search import schema as fields
from search.analysis import squash, syllables
from search.documents import ListingDocument, Sort


def order_key(document: ListingDocument, sort: Sort) -> tuple[object, ...]:
    """A key by which documents sort as a snapshot ranks them.

    Relevance without words is the order by grade; ties go by grade, score, institution and key.
    """
    ties = (
        fields.grade_rank(document.grade),
        -document.score,
        document.institution_id,
        document.key,
    )
    if sort is Sort.DAYS:
        return (document.promised_days, *ties)
    if sort is Sort.ADMITTED:
        return (-document.admitted_on.toordinal(), *ties)
    if sort is Sort.NAME:
        return (" ".join(syllables(squash(document.name))).encode()[:64], *ties)
    return ties
