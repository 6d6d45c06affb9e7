"""Every setting of the product, in one typed class read from `CRM_…` variables; a wrong one is refused in a sentence."""

import base64
import binascii
import difflib
import os
import re
from pathlib import Path
from typing import Any, Literal, Self

from psycopg import Error as PostgresError
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from crm.keys import KEY_BYTES, kept_key

PREFIX = "CRM_"
IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]{0,62}")
DESTINATION = re.compile(r"https://[^/]|http://([^/@]*@)?(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(/|$)")
"""Addresses a checkpoint may go to: in the clear only to this machine itself."""
NEAR_MISS = 0.8


class SettingsError(ValueError):
    """A setting is wrong; the message is one line, in both languages, that says what to set."""


def setting(default: Any, zh: str, en: str, **rules: Any) -> Any:
    """A field whose description is what an error tells people to set, in both languages."""
    return Field(default, description=en, json_schema_extra={"zh": zh}, **rules)


def default_data_dir() -> Path:
    """Root keeps its district where a system service does, everyone else in a folder of their own."""
    if os.geteuid() == 0:
        return Path("/var/lib/landfall")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "landfall"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        validate_default=False,
        populate_by_name=True,
        extra="forbid",
        frozen=True,
    )

    database_url: SecretStr | None = setting(
        None,
        "自备 PostgreSQL（15 及以上）的地址，如 postgresql://用户:口令@主机/库；不设则用内嵌的 PostgreSQL 18",
        "the address of a PostgreSQL server (15 or later) of your own, postgresql://user:password@host/database; "
        "unset, the embedded PostgreSQL 18 is used",
    )
    data_dir: Path = Field(
        default_factory=default_data_dir,
        description="the absolute path of the folder for the embedded database and generated keys; by default "
        "~/.local/share/landfall, for root /var/lib/landfall",
        json_schema_extra={
            "zh": "内嵌数据库与自动生成的密钥所在文件夹（绝对路径）；默认 ~/.local/share/landfall，root 为 /var/lib/landfall"
        },
    )
    schema_name: str = setting(
        "landfall",
        "本区数据所在的 schema：小写字母、数字、下划线，字母开头，最长 63 个字符，不能以 pg_ 开头",
        "the schema that holds the district: lower-case letters, digits and underscores, a letter first, "
        "63 at most, not beginning with pg_",
        validation_alias="CRM_SCHEMA",
    )
    secret_key: SecretStr | None = setting(
        None,
        "签名用的密钥，至少 32 个字符；不设则生成并保存在数据文件夹（权限 600）",
        "the key that signs forms and cookies, 32 characters or more; unset, one is generated and kept in the data folder",
        min_length=32,
    )
    master_key: SecretStr | None = setting(
        None,
        "加密联系人资料的主密钥，32 字节的 base64；不设则生成并保存在数据文件夹的 master.key（权限 600）。须另行备份：丢失则联系人资料无法解读",
        "the master key under which contact persons are encrypted, 32 bytes in base64; unset, one is generated and kept as "
        "master.key in the data folder. Keep a copy elsewhere: without it contact persons cannot be read",
    )
    log_key: SecretStr | None = setting(
        None,
        "签署账本检查点的私钥，32 字节的 base64；不设则生成并保存在数据文件夹的 log.key（权限 600，CRM_SCHEMA 另设时为 log-<schema>.key）。"
        "宜另行备份：丢失则须换钥，外面的人要重新取得信任",
        "the private key that signs the ledger's checkpoints, 32 bytes in base64; unset, one is generated and kept as log.key in "
        "the data folder (log-<schema>.key for another schema). Keep a copy elsewhere: without it outsiders must be given a new key to trust",
    )
    log_origin: str | None = setting(
        None,
        "账本对外的名称，不含空格和加号，如 erdao.example/leads；不设则为 landfall/<schema>，首次签署后不能更改",
        "what the ledger is called outside, without spaces and plus signs, such as erdao.example/leads; unset, landfall/<schema>. "
        "It cannot change once something was signed",
        max_length=200,
    )
    checkpoint_minutes: int = setting(
        60,
        "有新记录时每隔多少分钟签署一次检查点，0 到 10080；0 为只在要求时签署",
        "every how many minutes a checkpoint is signed when there is something new, from 0 to 10080; 0: only on demand",
        ge=0,
        le=10080,
    )
    checkpoint_to: SecretStr | None = setting(
        None,
        "检查点送往何处：文件夹的绝对路径或 https:// 地址，多个以空格分隔；宜在本机管理员够不着的地方",
        "where checkpoints are sent: absolute paths of folders or https:// addresses, separated by spaces; "
        "best out of reach of whoever administers this machine",
    )
    host: str = setting(
        "127.0.0.1",
        "网页服务监听的地址，如 127.0.0.1 或 0.0.0.0",
        "the address pages are served on, 127.0.0.1 or 0.0.0.0",
        pattern=r"^[A-Za-z0-9.:_-]+$",
    )
    port: int = setting(
        8000,
        "网页服务的端口，1 到 65535 的整数",
        "the port pages are served on, a number from 1 to 65535",
        ge=1,
        le=65535,
    )
    workers: int = setting(1, "网页服务的进程数，1 到 64", "how many processes serve pages, from 1 to 64", ge=1, le=64)
    run_projector: bool = setting(
        True,
        "crm serve 是否同时运行投影：true 或 false（另有 crm project 进程时设为 false）",
        "whether crm serve runs the projections too: true, or false where a crm project process does",
    )
    session_idle_minutes: int = setting(
        120,
        "多少分钟不操作就须重新登录，1 到 1440",
        "after how many minutes without a click one logs in again, from 1 to 1440",
        ge=1,
        le=1440,
    )
    session_absolute_minutes: int = setting(
        720,
        "一次登录最长有效多少分钟，1 到 43200",
        "how many minutes a login lasts at most, from 1 to 43200",
        ge=1,
        le=43200,
    )
    secure_cookies: bool = setting(
        False,
        "cookie 是否只经 HTTPS 发送：true 或 false（对外服务时应设为 true）",
        "whether cookies travel over HTTPS only: true (behind a TLS proxy, set it) or false",
    )
    demo_password: SecretStr | None = setting(
        None,
        "演示账号的口令，至少 10 个字符；不设则随机生成并打印",
        "the password of the demo logins, 10 characters or more; unset, a random one is printed",
        min_length=10,
    )
    log_level: Literal["debug", "info", "warning", "error"] = setting(
        "info", "日志级别：debug、info、warning 或 error", "how much is logged: debug, info, warning or error"
    )
    upload_limit_mb: int = setting(
        20, "单个上传文件的上限，1 到 200（MB）", "the largest file one may upload, from 1 to 200 (MB)", ge=1, le=200
    )
    language: Literal["zh", "en"] = setting("zh", "默认界面语言：zh 或 en", "the language pages open in: zh or en")

    @field_validator("database_url")
    @classmethod
    def _is_a_postgres_address(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            try:
                parts = conninfo_to_dict(value.get_secret_value())
            except PostgresError as error:
                raise ValueError("not a PostgreSQL address") from error
            if not re.fullmatch(r"[0-9,]*", str(parts.get("port", ""))):
                raise ValueError("the port is not a number")
        return value

    @field_validator("data_dir")
    @classmethod
    def _is_absolute(cls, value: Path) -> Path:
        path = value.expanduser()
        if not path.is_absolute():
            raise ValueError("not an absolute path")
        return path

    @field_validator("schema_name")
    @classmethod
    def _is_an_identifier(cls, value: str) -> str:
        if not IDENTIFIER.fullmatch(value) or value.startswith("pg_") or value == "information_schema":
            raise ValueError("not an identifier")
        return value

    @field_validator("log_origin")
    @classmethod
    def _is_a_name(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[^\s+\x00-\x20]+", value):
            raise ValueError("not a name")
        return value

    @field_validator("checkpoint_to")
    @classmethod
    def _are_destinations(cls, value: SecretStr | None) -> SecretStr | None:
        for place in value.get_secret_value().split() if value else ():
            if not (place.startswith("/") or DESTINATION.match(place)):
                raise ValueError("not a destination")
        return value

    @field_validator("master_key", "log_key")
    @classmethod
    def _is_a_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(_decoded(value)) != KEY_BYTES:
            raise ValueError("not 32 bytes")
        return value

    def signing_key(self) -> bytes:
        """The key given, or the one kept in the data folder (made on first use)."""
        return (
            self.secret_key.get_secret_value().encode() if self.secret_key else kept_key(self.data_dir / "secret.key")
        )

    def wrapping_key(self) -> bytes:
        """32 bytes under which the keys of persons are wrapped: given, or kept in the data folder."""
        return _decoded(self.master_key) if self.master_key else kept_key(self.data_dir / "master.key")

    def log_seed(self) -> bytes | None:
        """The 32 bytes of the private key that signs checkpoints, where it is given rather than kept in a file."""
        return _decoded(self.log_key) if self.log_key else None

    @classmethod
    def load(cls, **given: Any) -> Self:
        """The settings of the environment, those `given` (a command's options; None: not given) before them.

        Raises SettingsError for a wrong value and for a variable that looks like a setting misspelt.
        """
        _refuse_misspelt(os.environ)
        try:
            return cls(**{name: value for name, value in given.items() if value is not None})
        except ValidationError as error:
            raise SettingsError(" ".join(_sentence(cls, problem) for problem in error.errors())) from None


def variable(name: str, field: FieldInfo) -> str:
    """The environment variable a field is read from."""
    return field.validation_alias if isinstance(field.validation_alias, str) else PREFIX + name.upper()


def documented() -> list[tuple[str, str, str]]:
    """(variable, what to set in Chinese, in English) of every setting, in order: what the READMEs must list."""
    return [
        (variable(name, field), _zh(field), field.description or "") for name, field in Settings.model_fields.items()
    ]


def _zh(field: FieldInfo) -> str:
    extra = field.json_schema_extra
    return str(extra["zh"]) if isinstance(extra, dict) else ""


def _decoded(value: SecretStr) -> bytes:
    try:
        return base64.b64decode(value.get_secret_value(), validate=True)
    except binascii.Error:
        return b""


def _sentence(settings: type[Settings], problem: Any) -> str:
    place = str(problem["loc"][0]) if problem["loc"] else ""
    for name, field in settings.model_fields.items():
        if place in {name, variable(name, field)}:
            shown = "" if "Secret" in str(field.annotation) else f"={str(problem['input'])[:60]!r}"
            return f"{variable(name, field)}{shown} 不能用。应为：{_zh(field)} · is not valid. Set it to {field.description}."
    return f"{place}: {problem['msg']}."


def _refuse_misspelt(environment: "os._Environ[str]") -> None:
    known = [name for name, *_ in documented()]
    for name in environment:
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=NEAR_MISS)
            if near:
                raise SettingsError(
                    f"没有 {name} 这个设置，应为 {near[0]} · There is no setting {name}: set {near[0]}."
                )
