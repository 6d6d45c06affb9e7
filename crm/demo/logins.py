"""The demo's logins: one per role, with a password that is printed and true."""

import secrets

from crm.accounts import Accounts
from crm.demo.cast import LOGINS, MEMBERS, PEOPLE
from crm.settings import Settings

_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another


def open_logins(accounts: Accounts, settings: Settings) -> str:
    """Give everybody in the cast a login and the printed ones their password; the password. Raises Refused."""
    password = settings.demo_password.get_secret_value() if settings.demo_password else readable_password()
    for member in PEOPLE:
        accounts.open(member.id, member.login)
    for login in LOGINS:
        accounts.set_password(MEMBERS[login].id, password)
    return password


def readable_password() -> str:
    """A random password (74 bits) that can be read out and typed."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(5)) for _ in range(3))
