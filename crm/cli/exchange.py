"""`crm import`, `crm export`: in from the ledgers offices keep, out for whoever reckons with them."""

import typer


def add_to(app: typer.Typer) -> None:
    """Nothing yet."""
