"""How sizes are written on a command line: 5000, 10k, 1m."""


def count(text: str) -> int:
    factor = {"k": 1000, "m": 1_000_000}.get(text[-1:].lower(), 1)
    return int(text if factor == 1 else text[:-1]) * factor
