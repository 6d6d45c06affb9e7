"""The SQL of a read model, kept in the `.sql` file beside its module.

`-- ddl` opens what makes its tables, `-- indexes` what is better made once they are full, `-- name: xyz` a query.
"""

import re
from pathlib import Path

from psycopg import sql

Query = sql.SQL | sql.Composed

_SECTION = re.compile(r"^-- (ddl|indexes|name: (?P<name>\w+))[^\n]*\n", re.MULTILINE)
_TABLE = re.compile(r"^CREATE TABLE (\w+)", re.MULTILINE)


class Queries:
    """`Queries(__file__)["board"]` is the query that stands under `-- name: board`; `name` is another file beside."""

    def __init__(self, module: str, name: str | None = None) -> None:
        file = Path(module).with_name(f"{name or Path(module).stem}.sql")
        text = file.read_text(encoding="utf-8")
        heads = list(_SECTION.finditer(text))
        ends = [head.start() for head in heads[1:]] + [len(text)]
        self._sections = {
            head["name"] or head[1]: text[head.end() : end].strip() for head, end in zip(heads, ends, strict=True)
        }

    def __getitem__(self, name: str) -> sql.SQL:
        # The texts are the product's own files; nothing that anyone typed can be in them.
        return sql.SQL(self._sections[name])

    def get(self, name: str) -> sql.SQL:
        """The section of that name; nothing where there is none."""
        return self[name] if name in self._sections else sql.SQL("")

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that the DDL makes, in its order."""
        return tuple(_TABLE.findall(self._sections.get("ddl", "")))

    @property
    def shape(self) -> str:
        """What the tables look like, as text: another text, other tables."""
        return self._sections.get("ddl", "") + self._sections.get("indexes", "")


def direction(*, down: bool) -> dict[str, sql.SQL]:
    """What a page's query needs to go down its list, or up: `beyond` compares with the cursor, `direction` sorts."""
    return {"beyond": sql.SQL("<" if down else ">"), "direction": sql.SQL("DESC" if down else "ASC")}
