"""`crm audit`: the proof that nobody altered the ledger. Its commands live beside it, one module for each subject."""

import typer

from crm.cli import audit_bundle, audit_checkpoints, audit_keys, audit_proofs, audit_verify
from crm.cli.refusals import Commands

PARTS = (audit_verify, audit_checkpoints, audit_keys, audit_proofs, audit_bundle)
"""The modules whose commands stand here; each has `add_to(app)`."""

audit = typer.Typer(
    name="audit",
    cls=Commands,
    help="审计：签名、证明与核验 · audit: checkpoints, proofs, verification",
    no_args_is_help=True,
)


def add_to(app: typer.Typer) -> None:
    for part in PARTS:
        part.add_to(audit)
    app.add_typer(audit)


@audit.callback()
def _audit() -> None:
    """审计：签名、证明与核验 · audit: checkpoints, proofs, verification."""
