"""The pages about security say what the requirements ask for, and their figures are the code's."""

import re
from functools import cache

import pytest
import yaml

from marketplace.accounts import rules
from marketplace.accounts.forms.way_in import ABOUT
from marketplace.accounts.services import proofs
from marketplace.app import create_app
from marketplace.infra import file_checks, file_contents, file_workshop
from marketplace.infra.crypto import EncryptedText
from marketplace.infra.database import db
from marketplace.kernel import guessing, json_text
from marketplace.settings import ROOT
from tests.conftest import make_settings

# Which page has which part, and words without which it would not say what it is asked for.
PARTS = {
    "validation": ("security/decisions", "Input and validation", ("length", "GB 32100", "server")),
    "combined": ("security/decisions", "Data that must fit each other", ("region", "shares")),
    "limits": ("security/decisions", "Limits of business", ("rulebook", "database")),
    "uploads": ("security/decisions", "Uploads", ("PDF", "PNG", "unpacked", "refused")),
    "guessing": ("security/accounts", "Signing in", ("failures", "locked", "slowed down")),
    "context": (
        "security/accounts",
        "What a password may not rest on",
        ("breaches", "guesses", "owner", "in full"),
    ),
    "ways": ("security/accounts", "Ways in", ("password", "recovery code", "token", "link")),
    "without": (
        "security/accounts",
        "Who may do without a second factor",
        ("signs, bids, decides or pays", "Why it is left", "What holds instead"),
    ),
    "lost": ("security/accounts", "A lost second factor", ("recognised", "told")),
    "sessions": ("security/decisions", "Sessions and cookies", ("without use", "in all")),
    "parallel": ("security/decisions", "Sessions and cookies", ("Several at once",)),
    "access": ("security/decisions", "Access", ("policy.py", "role", "organisation")),
    "fields": ("security/data-classes", "Who reads and writes which fields", ("public", "draft")),
    "keys": ("security/keys", "Keys and algorithms", ("Made by", "Where", "Changed by")),
    "proxy": ("operating", "The proxy", ("TLS 1.2 and 1.3", "forward secrecy", "certificate")),
    "calls": ("security/decisions", "Calls to others", ("Nothing typed by people",)),
    "classes": ("security/data-classes", "Classes of data", ("public", "personal", "secret")),
    "times": ("security/dependencies", "How quickly", ("critical", "high", "days")),
    "demanding": ("security/decisions", "Work that costs", ("documents", "worker", "streamed")),
    "logs": ("security/logging", "Logs", ("Where", "How long", "JSON", "NTP")),
    "clock": ("operating", "Clock and calendar", ("UTC", "NTP")),
}


@cache
def page(name: str) -> str:
    """The text of a page."""
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def part(name: str, title: str) -> str:
    """A part of a page, up to the next of its rank."""
    found = re.search(
        rf"^(#+) {re.escape(title)}\n(.*?)(?=^\1 |\Z)", page(name), re.MULTILINE | re.DOTALL
    )
    assert found is not None, f"{name}: no part {title}"
    return found[2]


def rule(key: str) -> int:
    """A number of the rulebook as it is shipped."""
    path = ROOT / "marketplace" / "catalogue" / "data" / "rulebook.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    return next(entry["value"] for entry in entries if entry["key"] == key)


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", PARTS)
def test_a_page_has_its_section(name):
    where, title, words = PARTS[name]
    said = flat(part(where, title))

    assert len(said) > 150
    assert [word for word in words if word not in said] == []


def test_the_figures_of_signing_in_are_those_of_the_code():
    said = part("security/accounts", "Signing in")
    rows = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", said, re.MULTILINE))

    assert rows["failures before the account is locked at one address"] == (
        f"{rule('account.lockout_failures')}, for {rule('account.lockout_minutes')} minutes"
    )
    everywhere = str(rule("account.lockout_everywhere_failures"))
    assert rows["failures before it is locked everywhere"] == everywhere
    slow = rows["failures of one address before it is slowed down"]
    assert slow == str(rule("account.address_slow_failures"))
    length = f"{rules.PASSWORD_LENGTH} to {rules.PASSWORD_MOST} characters"
    assert rows["password"].startswith(length)
    assert rows["recovery codes"].startswith(f"{rules.RECOVERY_CODES}, ")
    assert f"{rules.RESET_SECONDS // 3600} hour" in rows["link to set a new password"]
    assert rows["link of a registration"] == f"{rules.REGISTRATION_DAYS} days"
    assert rows["invitation"] == f"{rules.INVITATION_DAYS} days"


def test_the_words_that_passwords_may_not_rest_on_are_those_of_the_code():
    said = part("security/accounts", "What a password may not rest on")
    path = ROOT / "marketplace" / "kernel" / "guessed_words.yaml"
    lists = yaml.safe_load(path.read_text(encoding="utf-8"))

    counted = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| (\d+) \|", said, re.MULTILINE))
    assert counted == {name: str(len(words.split())) for name, words in lists.items()}
    in_full = re.search(r"```\n(.*?)```", said, re.DOTALL)
    assert in_full is not None
    assert in_full[1].split() == lists["market"].split()
    assert [name for name in ABOUT if f"`{name}`" not in said] == []
    for exponent in (guessing.ENOUGH, guessing.ENOUGH_OF_OURS):
        assert f"10^{exponent:.0f} guesses" in flat(said)
    assert f"first {guessing.MOST_JUDGED} characters" in flat(said)


def test_the_figures_of_sessions_are_those_of_the_code():
    said = flat(part("security/decisions", "Sessions and cookies"))

    idle, all_in_all = rule("account.idle_minutes"), rule("account.absolute_hours")
    assert f"{idle} minutes without use and {all_in_all} hours in all" in said


def test_the_limits_of_uploads_are_those_of_the_code(one_app):
    said = flat(part("security/decisions", "Uploads"))
    megabyte = file_checks.MEGABYTE

    assert f"at most {file_checks.DEFAULT_MEGABYTES} MB each" in said
    assert f"({one_app.config['MAX_CONTENT_LENGTH'] // megabyte} MB a request)" in said
    assert f"{file_contents.MAX_PIXELS // 1_000_000} million pixels" in said
    assert f"{file_contents.MAX_PAGES:,} pages" in said
    assert f"{file_contents.MAX_OBJECTS:,} objects" in said
    assert f"{file_contents.MAX_UNPACKED // megabyte} MB unpacked" in said
    assert {"two": 2}["two"] == file_workshop.AT_ONCE
    assert "two at once" in said


def test_the_limits_of_the_page_are_those_of_the_code(one_app):
    said = part("security/decisions", "Rates and automation")
    told = {int(most) for most in re.findall(r"\| (\d+) per (?:minute|hour)", said)}
    counted = set()
    for folder in ("accounts", "complaints", "discovery", "openness", "projects", "supervision"):
        for path in (ROOT / "marketplace" / folder).rglob("*.py"):
            found = re.findall(r'limiter\.limit\("(\d+) per', path.read_text(encoding="utf-8"))
            counted |= set(map(int, found))

    assert told - {int(one_app.extensions["settings"].api_rate.split()[0])} == counted
    validation = flat(part("security/decisions", "Input and validation"))
    assert f"{json_text.MOST_BYTES // 1024} KiB" in validation
    assert f"{json_text.DEEPEST} levels" in validation


def test_the_price_of_passwords_is_that_of_the_code():
    costs = proofs._PRODUCTION

    told = f"Argon2id, {costs.memory_cost // 1024} MiB, {costs.time_cost} passes, "
    assert told + f"{costs.parallelism} lane" in page("security/keys")


def test_every_key_of_the_settings_is_in_the_inventory():
    settings = re.findall(r"`([A-Z_]*(?:_KEYS?|_SECRET))`", part("operating", "Settings"))

    assert len(set(settings)) >= 4
    told = page("security/keys")
    assert [name for name in settings if name not in told and f"{name}S" not in told] == []


def test_every_encrypted_column_is_classified(tmp_path):
    app = create_app(make_settings(tmp_path / "home"))
    with app.app_context():
        columns = {
            f"{table.name}.{column.name}"
            for table in db.metadata.tables.values()
            for column in table.columns
            if isinstance(column.type, EncryptedText)
        }
        db.engine.dispose()

    assert columns
    told = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", page("security/data-classes")))
    assert columns - told == set()


def test_every_class_says_how_it_is_kept_and_how_long():
    rows = re.findall(
        r"^\| (.+) \|$", part("security/data-classes", "Classes of data"), re.MULTILINE
    )
    head, *classes = (row.split(" | ") for row in rows)

    assert head == ["Class", "What", "How it is kept", "Who reads it", "How long"]
    assert len(classes) >= 8
    assert all(len(row) == len(head) and all(cell.strip() for cell in row) for row in classes)


def test_every_setting_that_leads_out_is_on_the_page():
    settings = set(re.findall(r"`([A-Z_]+)`", part("operating", "Settings")))
    words = {
        "DATABASE_URL": "its database",
        "MAIL_HOST": "the mail server",
        "MARKETPLACE_APPROVALS_URL": "the approval platform",
        "REDIS_URL": "Redis",
        "CLAMD_SOCKET": "clamd",
    }
    leading_out = {name for name in settings if re.search(r"_(?:URL|HOST|SOCKET)$", name)}
    said = flat(part("security/decisions", "Calls to others"))

    # Where the site itself is, and who changes the schema, lead nowhere else.
    assert leading_out - {"MARKETPLACE_BASE_URL", "MARKETPLACE_OWNER_URL"} == set(words)
    assert [word for word in words.values() if word not in said] == []


def test_every_log_of_the_product_is_on_the_page():
    starting = (ROOT / "marketplace" / name for name in ("serve.py", "preloaded.py"))
    code = "".join(each.read_text(encoding="utf-8") for each in starting)
    written = set(re.findall(r'"(\w+\.log)"', code)) - {"simulator.log"}
    told = set(re.findall(r"(\w+\.log)\b", part("security/logging", "Logs")))

    assert {"web.log", "worker.log", "setup.log"} <= written
    assert written - told == set()
