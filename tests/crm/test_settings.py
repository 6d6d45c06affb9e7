"""Settings: read from CRM_ variables, and a wrong one is refused in a sentence that says what to set."""

import base64
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from crm.settings import Settings, SettingsError, documented

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, *_ in documented():
        monkeypatch.delenv(name, raising=False)


def test_the_schema_is_read_from_the_documented_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_SCHEMA", "yizhuang")
    monkeypatch.setenv("CRM_PORT", "8123")
    assert (Settings.load().schema_name, Settings.load().port) == ("yizhuang", 8123)


def test_an_option_given_goes_before_the_environment_and_one_not_given_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CRM_PORT", "8123")
    assert Settings.load(port=9000).port == 9000
    assert Settings.load(port=None).port == 8123


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_DATABASE_URL", "")
    assert Settings.load().database_url is None


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("CRM_DATABASE_URL", "postgresql://host:port:port/x"),
        ("CRM_DATABASE_URL", "my database"),
        ("CRM_DATA_DIR", "data"),
        ("CRM_SCHEMA", "Landfall"),
        ("CRM_SCHEMA", 'x"; DROP SCHEMA public; --'),
        ("CRM_SCHEMA", "pg_catalog"),
        ("CRM_SCHEMA", "a" * 64),
        ("CRM_SCHEMA", "landfall\n"),
        ("CRM_SECRET_KEY", "short"),
        ("CRM_MASTER_KEY", "not base64!"),
        ("CRM_MASTER_KEY", base64.b64encode(b"31 bytes are one too few, really").decode()[:-4]),
        ("CRM_HOST", "a host"),
        ("CRM_PORT", "0"),
        ("CRM_PORT", "65536"),
        ("CRM_PORT", "http"),
        ("CRM_WORKERS", "0"),
        ("CRM_SESSION_IDLE_MINUTES", "1441"),
        ("CRM_SESSION_ABSOLUTE_MINUTES", "-1"),
        ("CRM_SECURE_COOKIES", "perhaps"),
        ("CRM_DEMO_PASSWORD", "1234567"),
        ("CRM_LOG_LEVEL", "loud"),
        ("CRM_UPLOAD_LIMIT_MB", "201"),
        ("CRM_LANGUAGE", "fr"),
        ("CRM_RUN_PROJECTOR", "2"),
    ],
)
def test_a_wrong_value_is_refused_with_what_to_set(monkeypatch: pytest.MonkeyPatch, name: str, wrong: str) -> None:
    monkeypatch.setenv(name, wrong)
    with pytest.raises(SettingsError) as refusal:
        Settings.load()
    said = str(refusal.value)
    chinese, english = next((zh, en) for variable, zh, en in documented() if variable == name)
    assert said.startswith(name)
    assert chinese in said
    assert f"Set it to {english}" in said
    assert "\n" not in said


@pytest.mark.parametrize("name", ["CRM_SECRET_KEY", "CRM_MASTER_KEY", "CRM_DEMO_PASSWORD", "CRM_DATABASE_URL"])
def test_a_secret_is_never_shown(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "hunt r2")
    with pytest.raises(SettingsError) as refusal:
        Settings.load()
    assert "hunt r2" not in str(refusal.value)
    monkeypatch.delenv(name)
    url = "postgresql://landfall:hunter2@localhost/landfall"
    assert "hunter2" not in repr(Settings.load(database_url=url, secret_key="hunter2" * 5))


def test_a_misspelt_variable_is_pointed_at_and_a_stranger_s_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_ELSEWHERE", "x")
    Settings.load()
    monkeypatch.setenv("CRM_DATABSE_URL", "x")
    with pytest.raises(SettingsError, match="set CRM_DATABASE_URL"):
        Settings.load()


def test_every_setting_says_in_both_languages_what_to_set() -> None:
    for name, chinese, english in documented():
        assert re.fullmatch(r"CRM_[A-Z_]+", name)
        assert CHINESE.search(chinese), name
        assert english, name
        assert not CHINESE.search(english), name


def test_keys_are_generated_once_and_only_their_owner_may_read_them(tmp_path: Path) -> None:
    settings = Settings.load(data_dir=tmp_path / "data")
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: settings.wrapping_key(), range(8)))
    assert keys == {Settings.load(data_dir=tmp_path / "data").wrapping_key()}
    assert settings.signing_key() not in keys
    modes = {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in (tmp_path / "data").iterdir()}
    assert modes == {"master.key": "0o600", "secret.key": "0o600"}


def test_keys_given_are_used_and_none_is_written(tmp_path: Path) -> None:
    settings = Settings.load(
        data_dir=tmp_path, secret_key="s" * 32, master_key=base64.b64encode(bytes(range(32))).decode()
    )
    assert (settings.signing_key(), settings.wrapping_key()) == (b"s" * 32, bytes(range(32)))
    assert list(tmp_path.iterdir()) == []
