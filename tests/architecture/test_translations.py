"""Every message has words in Chinese, and nothing English leaks into them."""

import re
from collections.abc import Iterable, Mapping

from babel.messages.catalog import Catalog

from bin._translate import extracted, read_catalogue

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|%%")
MARKUP = re.compile(r"<[^>]+>|&\w+;|https?://\S+|[\w.]+@[\w.]+")
LATIN = re.compile(r"[A-Za-z][A-Za-z_.+-]+")
# Proper names and abbreviations that Chinese readers know by these letters.
KNOWN = {
    "AA", "CSV", "English", "Excel", "GB", "HTTP", "ID", "IP", "JL-Z", "JPEG", "JPG", "JSON", "KB",
    "MAC", "MB", "PDF", "PNG", "QR", "SHA-", "SMTP", "TOTP", "URL", "UTC", "UTF-", "UUID", "WCAG",
    "XML", "YYYY-MM-DD", "Cookie", "date", "dpi", "is_workday",
    # What programs of others write as it is.
    "Accept-Language", "Allow", "Authorization", "Bearer", "Idempotency-Key", "OpenAPI", "RFC",
    "Retry-After", "api", "application", "client", "code", "data", "department", "detail", "either",
    "en", "enterprise", "errors", "json", "next", "none", "null", "provider", "waiting",
}  # fmt: skip


def catalogue() -> dict[str, str]:
    """The kept words by their message."""
    return {str(each.id): str(each.string) for each in read_catalogue() if each.id}


def without_words(messages: Iterable[str], words: Mapping[str, str]) -> list[str]:
    """Messages of the source that the catalogue lacks or leaves empty."""
    return sorted({message for message in messages if not words.get(message)})


def broken_placeholders(words: Mapping[str, str]) -> list[str]:
    """Translations whose placeholders differ from those of the message."""
    return [
        message
        for message, text in words.items()
        if text and sorted(PLACEHOLDER.findall(message)) != sorted(PLACEHOLDER.findall(text))
    ]


def leaks(words: Mapping[str, str]) -> list[str]:
    """Translations with Latin words that are not proper names."""
    found = []
    for text in words.values():
        bare = MARKUP.sub(" ", PLACEHOLDER.sub(" ", text))
        if set(LATIN.findall(bare)) - KNOWN:
            found.append(text)
    return found


def test_every_message_of_the_source_has_words():
    missing = without_words((message for _, message, _ in extracted()), catalogue())
    assert not missing, f"{len(missing)} without words, such as {missing[:10]}"


def test_no_translation_is_a_guess():
    assert [str(each.id) for each in read_catalogue() if each.id and each.fuzzy] == []


def test_the_catalogue_holds_nothing_that_the_source_lost():
    assert sorted(set(catalogue()) - {message for _, message, _ in extracted()}) == []


def test_placeholders_survive_translation():
    assert broken_placeholders(catalogue()) == []


def test_the_catalogue_can_be_compiled():
    assert [(str(one.id), list(map(str, found))) for one, found in read_catalogue().check()] == []


def test_no_english_is_left_in_the_chinese_words():
    assert leaks(catalogue()) == []


def test_each_fault_is_found():
    assert without_words(["Save", "Send", "Stop"], {"Save": "保存", "Send": ""}) == ["Send", "Stop"]
    assert broken_placeholders({"%(n)s left": "还剩 %(m)s"}) == ["%(n)s left"]
    assert leaks({"Upload a PDF": "上传 PDF", "Desk": "我的 desk"}) == ["我的 desk"]
    assert leaks({"link": '<a href="%(url)s">查看</a>'}) == []


def test_a_guess_is_recognised():
    guessed = Catalog(locale="zh_Hans_CN")
    guessed.add("Save", "保存", flags=["fuzzy"])

    assert [each.fuzzy for each in guessed if each.id] == [True]
