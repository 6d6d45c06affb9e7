"""How a company is recognised: its unified social credit code (GB 32100-2015), or its name as compared."""

import re
import unicodedata
from typing import Annotated

from domain.base import Refused
from domain.values.text import checked

CREDIT_CODE_LENGTH = 18
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(CREDIT_CODE_LENGTH - 1))


def credit_code_check_digit(first17: str) -> str:
    """The 18th character of a unified social credit code, by GB 32100-2015 (weights 3^i mod 31)."""
    total = sum(_CREDIT_ALPHABET.index(sign) * weight for sign, weight in zip(first17, _CREDIT_WEIGHTS, strict=True))
    return _CREDIT_ALPHABET[-total % 31]


def check_credit_code(text: str) -> str:
    """The code in capitals; refused unless it has 18 signs of the standard's alphabet and the right check digit."""
    code = unicodedata.normalize("NFKC", text).upper().replace(" ", "")
    if len(code) != CREDIT_CODE_LENGTH or any(sign not in _CREDIT_ALPHABET for sign in code):
        raise Refused(
            "credit_code.form",
            "统一社会信用代码应为 18 位数字或大写字母（不含 I、O、S、V、Z）。",
            "A unified social credit code has 18 digits or capital letters (never I, O, S, V, Z).",
        )
    if credit_code_check_digit(code[:17]) != code[17]:
        raise Refused(
            "credit_code.check_digit",
            "统一社会信用代码的校验位不对，请核对营业执照。",
            "The check digit of this credit code is wrong; please compare it with the business licence.",
        )
    return code


CreditCode = Annotated[str, checked(check_credit_code)]


def normalised_name(company: str) -> str:
    """A company's name for comparing: width, case, spaces, brackets and the usual legal endings do not count."""
    name = unicodedata.normalize("NFKC", company).casefold()
    name = re.sub(r"[\s\W_]+", "", name)
    return (
        re.sub(
            r"(股份有限公司|有限责任公司|集团有限公司|有限公司|集团|公司|coltd|limited|ltd|gmbh|inc|sa|spa)+$", "", name
        )
        or name
    )
