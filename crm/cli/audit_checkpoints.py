"""`crm audit checkpoint`: the state of the ledger, signed."""

import typer


def add_to(app: typer.Typer) -> None:
    """Nothing yet."""
    _ = app
