"""The proof that nobody altered the ledger: its states signed, proofs that follow from them, and all of it checked."""
