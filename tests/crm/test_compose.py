"""The containers are told only what the settings know."""

import re
from pathlib import Path

import yaml

from crm.settings import documented

ROOT = Path(__file__).resolve().parents[2]
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]


def test_database_pages_and_projections_are_watched_and_keep_their_data() -> None:
    for name in ("postgres", "web", "projector"):
        assert SERVICES[name]["healthcheck"]["test"], name
        assert SERVICES[name]["volumes"], name
    assert SERVICES["postgres"]["image"] == "postgres:18"


def test_every_variable_given_is_a_setting() -> None:
    known = {name for name, *_ in documented()}
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8") + (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert set(re.findall(r"\bCRM_[A-Z_]+", text)) <= known


def test_pages_leave_the_projections_to_their_own_container() -> None:
    assert SERVICES["web"]["environment"]["CRM_RUN_PROJECTOR"] == "false"
    assert "CRM_DATABASE_URL" in SERVICES["web"]["environment"]
