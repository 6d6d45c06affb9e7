"""The ledgers that offices keep, brought in: read, recognised, shown before anything is written, applied, undone."""
