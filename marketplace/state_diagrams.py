"""Draws `docs/states.md` from the tables of steps, so that the picture is what the code does."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

import marketplace
from marketplace.settings import ROOT

PAGE = ROOT / "docs" / "states.md"
_HEAD = (
    "# Life cycles\n\n"
    "Drawn by `flask docs state-diagrams` from the tables of steps in the features' rules;"
    " do not edit. `bin/test` checks that this page is up to date.\n"
)

Table = Mapping[StrEnum, frozenset[StrEnum]]


def tables() -> Iterator[tuple[str, str, Table]]:
    """Every table of steps: its module, its name there, the table; in a fixed order."""
    seen: set[int] = set()
    for module_name in sorted(_rule_modules()):
        module = importlib.import_module(module_name)
        for name, value in sorted(vars(module).items()):
            if (name == "STEPS" or name.endswith("_STEPS")) and id(value) not in seen:
                seen.add(id(value))
                yield module_name, name, value


def _rule_modules() -> Iterator[str]:
    """`marketplace.<feature>.rules`, and its parts where it is a package."""
    for found in pkgutil.walk_packages(marketplace.__path__, "marketplace."):
        parts = found.name.split(".")
        if len(parts) > 2 and parts[2] == "rules":
            yield found.name


def render() -> str:
    """The whole page."""
    sections = [_section(module, name, table) for module, name, table in tables()]
    return "\n".join([_HEAD, *sections])


def _section(module: str, name: str, table: Table) -> str:
    feature = module.split(".")[1]
    what = "" if name == "STEPS" else name.removesuffix("_STEPS").replace("_", " ").lower()
    title = f"{feature}: {what}" if what else feature
    lines = [f"## {title}", "", f"`{module}.{name}`", "", "```mermaid", "stateDiagram-v2"]
    first = next(iter(table))
    lines.append(f"    [*] --> {first}")
    for state, targets in table.items():
        lines += [f"    {state} --> {target}" for target in sorted(targets)]
        if not targets:
            lines.append(f"    {state} --> [*]")
    return "\n".join([*lines, "```", ""])


def write(page: Path = PAGE) -> None:
    """Write the page."""
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(render(), "utf-8")


def is_current(page: Path = PAGE) -> bool:
    """Whether the page says what the tables say."""
    return page.exists() and page.read_text("utf-8") == render()
