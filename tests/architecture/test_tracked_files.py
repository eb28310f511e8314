"""What is kept in the repository holds for every reader: no secrets, no one's own machine."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml
from alembic.script import ScriptDirectory

from marketplace.settings import ROOT
from tests.architecture.source import files_kept, text_of, tracked_files

LARGEST = 1_000_000
LARGEST_PICTURE = 80_000
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
RULEBOOK = ROOT / "marketplace" / "catalogue" / "data" / "rulebook.yaml"
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")
# Spelt in pieces, so that this file passes its own test.
_HOSTS = (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("yarnpkg", "com"))
HOSTS = [".".join(parts) for parts in _HOSTS]
PATTERNS = {
    "registry": re.compile("|".join(re.escape(host) for host in HOSTS)),
    "machine path": re.compile(r"(?<![\w./~-])/(?:home|root|Users|work|mnt)/\w|[A-Z]:\\Users"),
    "private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "access key": re.compile(r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_\w{36}|glpat-[\w-]{20})\b"),
    "secret": re.compile(
        r"""(?i)\b(?:secret|secret_key|password|api_key|token)\s*[:=]\s*["'](?=[^"']*\d)"""
        r"""[A-Za-z0-9+/=_-]{24,}["']"""
    ),
}
NOT_KEPT = {".venv", "instance", "build", "node_modules", "vendor", "__pycache__"}
FOLDERS = {
    "marketplace", "admin", "search", "static", "templates", "migrations", "tests",
    "bin", "docs", "requirements", "benchmarks", ".ci",
}  # fmt: skip
MIGRATION = re.compile(r"^\d{8}_\d{4}_[0-9a-z]+_[a-z0-9_]+\.py$")


def unwelcome(files: Iterable[tuple[str, str]]) -> list[str]:
    """Lines that do not belong in a repository."""
    return [
        f"{name}: {what}: {match.group()[:40]}"
        for name, text in files
        for what, pattern in PATTERNS.items()
        for match in pattern.finditer(text)
    ]


def misnamed_migrations(names: Iterable[str]) -> list[str]:
    """Migrations not named `YYYYMMDD_HHMM_<rev>_what.py`."""
    return [name for name in names if not MIGRATION.match(name)]


def one_way_migrations(files: Iterable[tuple[str, str]]) -> list[str]:
    """Migrations whose `downgrade` does nothing."""
    return [name for name, text in files if not takes_back(ast.parse(text))]


def takes_back(tree: ast.Module) -> bool:
    """True when `downgrade` has a statement that is neither `pass` nor a docstring."""
    return any(
        isinstance(node, ast.FunctionDef)
        and node.name == "downgrade"
        and any(
            not isinstance(each, ast.Pass) for each in node.body[bool(ast.get_docstring(node)) :]
        )
        for node in tree.body
    )


def columns_without_value(texts: Iterable[tuple[str, str]]) -> list[str]:
    """New columns that may not be empty and yet have no value for the rows that are there."""
    return [
        f"{name}:{node.lineno}"
        for name, text in texts
        for adding in ast.walk(ast.parse(text))
        if isinstance(adding, ast.Call) and getattr(adding.func, "attr", "") == "add_column"
        for node in ast.walk(adding)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "Column"
        for said in [{each.arg: each.value for each in node.keywords}]
        if getattr(said.get("nullable"), "value", None) is False and "server_default" not in said
    ]


def migrations() -> list[Path]:
    """Every migration."""
    return sorted((ROOT / "migrations" / "versions").glob("*.py"))


def test_no_registry_no_machine_path_and_no_secret_is_kept():
    assert unwelcome((str(p.relative_to(ROOT)), text_of(p)) for p in tracked_files()) == []


def test_what_machines_make_is_not_kept():
    paths = [path.relative_to(ROOT) for path in tracked_files()]
    assert [str(path) for path in paths if NOT_KEPT & set(path.parts)] == []
    assert [str(path) for path in paths if path.suffix in {".mo", ".pyc", ".db"}] == []


def test_the_top_level_has_only_the_agreed_folders():
    parts = (path.relative_to(ROOT).parts for path in tracked_files())
    assert {each[0] for each in parts if len(each) > 1} - FOLDERS == set()


def test_no_kept_file_is_huge():
    assert [str(path) for path in tracked_files() if path.stat().st_size > LARGEST] == []


def test_links_of_the_documentation_lead_to_pages_and_rules():
    rules = {entry["key"] for entry in yaml.safe_load(text_of(RULEBOOK))}
    astray = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in LINK.findall(text_of(page))
        if not (
            target.removeprefix("/rules#") in rules
            or target.startswith(("https://", "#"))
            or (page.parent / target.partition("#")[0]).is_file()
        )
    ]
    assert astray == []


def test_pictures_of_the_documentation_are_small_and_shown():
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    shown = {
        (page.parent / name).resolve() for page in pages for name in PICTURE.findall(text_of(page))
    }
    kept = {path for path in tracked_files() if (ROOT / "docs" / "images") in path.parents}

    assert kept == shown
    assert [str(path) for path in kept if path.stat().st_size > LARGEST_PICTURE] == []


def test_migrations_are_named_by_their_time_and_purpose():
    assert migrations()
    assert misnamed_migrations(path.name for path in migrations()) == []


def test_migrations_follow_one_another_in_one_line_that_is_read_without_a_database():
    line = ScriptDirectory(str(ROOT / "migrations"))
    revisions = [each.revision for each in line.walk_revisions()]

    assert [line.get_current_head()] == revisions[:1]
    assert sorted(revisions) == [path.name.split("_")[2] for path in migrations()]


def test_every_migration_can_be_taken_back():
    assert one_way_migrations((path.name, text_of(path)) for path in migrations()) == []


def test_a_new_column_has_a_value_for_the_rows_that_are_there():
    assert columns_without_value((path.name, text_of(path)) for path in migrations()) == []


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("index-url = https://" + HOSTS[0] + "/simple", "registry"),
        ("open('/ho" + "me/ann/notes.txt')", "machine path"),
        ("-----BEGIN " + "RSA PRIVATE KEY-----", "private key"),
        ("key = AKIA" + "ABCDEFGHIJKLMNOP", "access key"),
        ("SECRET_KEY = '" + "0123456789abcdef" * 2 + "'", "secret"),
    ],
)
def test_what_does_not_belong_is_found(line, what):
    assert [found.split(": ")[1] for found in unwelcome([("notes.txt", line)])] == [what]


def test_an_address_path_is_no_machine_path():
    assert unwelcome([("a.md", "see /institutions/home/ and https://a.example/home/x")]) == []


def test_a_wrong_migration_is_found():
    names = ["20261123_0900_ab12_first_tables.py", "ab12_first.py"]
    assert misnamed_migrations(names) == ["ab12_first.py"]
    assert one_way_migrations([("a.py", "def downgrade() -> None:\n    pass\n")]) == ["a.py"]
    assert (
        one_way_migrations([("a.py", "def downgrade() -> None:\n    op.drop_table('a')\n")]) == []
    )
    added = "table.add_column(sa.Column('a', sa.String(9), nullable=False{}))"
    assert columns_without_value([("a.py", added.format(""))]) == ["a.py:1"]
    assert columns_without_value([("a.py", added.format(", server_default=''"))]) == []


def test_without_git_the_same_files_are_found_in_the_tree():
    assert set(files_kept(ROOT)) == set(tracked_files())


def test_what_the_list_of_git_names_is_left_out_at_its_place_only(tmp_path):
    (tmp_path / ".gitignore").write_text("# words\n/build/\n*.mo\n__pycache__/\n.coverage.*\n")
    names = (
        "build/a",
        "docs/build/a",
        "a/b.mo",
        "a/__pycache__/c",
        "a/build",
        ".coverage.1",
        "d.m",
    )
    for name in (*names, ".git/HEAD"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    kept = [str(path.relative_to(tmp_path)) for path in files_kept(tmp_path)]
    assert kept == [".gitignore", "a/build", "d.m", "docs/build/a"]
