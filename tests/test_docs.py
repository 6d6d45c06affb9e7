"""The papers tell the truth of today: settings, commands, files and links."""

import re
from pathlib import Path

import pytest
import typer.main

from crm.cli import app
from crm.settings import documented

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")
PAPERS = (*READMES, "ARCHITECTURE.md", "docs/api.md", "docs/ledger.md", "docs/audit.md", "docs/analysis.md")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands() -> set[str]:
    """Every command of `crm`, those of a group as `group command`."""
    root = typer.main.get_command(app)
    found = set()
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        below = getattr(command, "commands", None)
        found |= {f"{name} {inner}" for inner in below} if below else {name}
    return found


@pytest.mark.parametrize("readme", READMES)
def test_every_setting_stands_in_the_readme_as_the_class_says_it(readme):
    said = text(readme)
    for name, chinese, english in documented():
        words = chinese if readme == "README.zh-CN.md" else english[0].upper() + english[1:]
        assert f"| `{name}` | {words} |" in said


@pytest.mark.parametrize("readme", READMES)
def test_every_command_stands_in_the_readme_and_no_other(readme):
    table = re.findall(r"^\| (`crm .+?) \|(?!\|)", text(readme), re.MULTILINE)
    named = " ".join(table).replace("\\|", "|")
    word = "[a-z]+(?:-[a-z]+)*"
    said = set(re.findall(rf"crm ({word}(?: {word}(?:\|{word})*)?)", named))
    expanded = {
        f"{one.split()[0]} {name}" if " " in one else one for one in said for name in one.split()[-1].split("|")
    }
    assert expanded == commands()


@pytest.mark.parametrize("paper", PAPERS)
def test_what_a_paper_links_to_is_there(paper):
    for target in re.findall(r"\]\(([^)#\s]+)", text(paper)):
        if "://" not in target:
            assert ((ROOT / paper).parent / target).exists(), target


def test_the_rooms_that_the_architecture_names_exist():
    for line in text("ARCHITECTURE.md").splitlines():
        if not line.startswith("| `"):
            continue
        names = re.findall(r"`([\w/]+(?:\.py|/))`", line.split("|")[1])
        room = ""
        for name in names:
            room = name.split("/")[0] if "/" in name else room
            assert (ROOT / name).exists() or (ROOT / room / name).exists(), name
