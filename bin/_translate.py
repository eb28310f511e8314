"""Extracts the messages of the source and keeps the Chinese catalogue in step with them."""

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = "zh_Hans_CN"
CATALOGUE = ROOT / "marketplace" / "translations" / LOCALE / "LC_MESSAGES" / "messages.po"
KEYWORDS = DEFAULT_KEYWORDS | {"lazy_gettext": None, "_l": None}
FOLDERS = ("marketplace", "admin", "templates")


def extracted() -> Iterator[tuple[str, str, list[str]]]:
    """Each message of the source: the file it is in, its text, the comments for translators."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(
        ROOT,
        method_map=methods,
        options_map=options,
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        directory_filter=lambda path: _is_source(Path(path)),
    )
    for name, _line, message, comments, _context in found:
        yield name, message if isinstance(message, str) else message[0], comments


def _is_source(folder: Path) -> bool:
    top = folder.relative_to(ROOT).parts
    return not top or top[0] in FOLDERS


def read_catalogue() -> Catalog:
    """The catalogue as it is kept."""
    if not CATALOGUE.exists():
        return Catalog(locale=LOCALE)
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale=LOCALE)


def updated(kept: Catalog, words: Mapping[str, str]) -> Catalog:
    """A catalogue of exactly the messages in the source, with all the words known for them."""
    fresh = Catalog(
        locale=LOCALE,
        project="intermediary-market",
        version="0",
        copyright_holder="",
        msgid_bugs_address="",
        creation_date=datetime(2026, 11, 23, tzinfo=UTC),
        revision_date=datetime(2026, 11, 23, tzinfo=UTC),
        last_translator="the team",
        language_team="zh",
        fuzzy=False,
        header_comment="# The words of the pages in Simplified Chinese; kept by bin/translate.",
    )
    for name, message, comments in extracted():
        before = kept.get(message)
        known = words.get(message) or (before.string if before and not before.fuzzy else "")
        fresh.add(message, known, locations=[(name, None)], auto_comments=comments)
    return fresh


def write_catalogue(catalogue: Catalog) -> None:
    """Keep the catalogue, sorted so that two people's changes seldom meet."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)


def untranslated(catalogue: Catalog) -> list[str]:
    """The messages without words."""
    return [str(each.id) for each in catalogue if each.id and not each.string]


def main(files: list[str]) -> int:
    """Bring the catalogue up to date; 1 when something still lacks words."""
    words: dict[str, str] = {}
    for file in files:
        words |= json.loads(Path(file).read_text("utf-8"))
    catalogue = updated(read_catalogue(), words)
    write_catalogue(catalogue)
    missing = untranslated(catalogue)
    unused = sorted(set(words) - {str(each.id) for each in catalogue})
    for message in missing:
        print(f"no words: {message!r}")
    for message in unused:
        print(f"not in the source: {message!r}")
    print(f"{len(catalogue)} messages, {len(missing)} without words")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
