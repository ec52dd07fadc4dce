"""Tax ids in one spelling (RUT in Chile, CUIT in Argentina), so that one holder's businesses are known as theirs."""

import re

from core.errors import BadInput

_CUIT = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
NAMES = {"CL": "RUT", "AR": "CUIT", "BR": "CNPJ o CPF"}


def normal(text: str, country: str) -> str:
    """'76.543.210-k' -> '76543210-K'; '' stays ''. BadInput where its check digit says that it can't be."""
    plain = re.sub(r"[^0-9A-Za-z]", "", text).upper()
    if not plain:
        return ""
    good = {"CL": _rut, "AR": _cuit}.get(country, lambda p: 5 <= len(p) <= 20)
    if not good(plain):
        name = NAMES.get(country, "identificador tributario")
        raise BadInput("tax_id", f"«{text.strip()}» no es un {name}.", "Revisa sus números y el dígito verificador.")
    return f"{plain[:-1]}-{plain[-1]}" if country == "CL" else plain


def _rut(plain: str) -> bool:
    body, check = plain[:-1], plain[-1]
    if not body.isdigit() or not 6 <= len(body) <= 8:
        return False
    rest = 11 - sum(int(d) * (2 + i % 6) for i, d in enumerate(reversed(body))) % 11
    return check == {11: "0", 10: "K"}.get(rest, str(rest))


def _cuit(plain: str) -> bool:
    if not plain.isdigit() or len(plain) != 11:
        return False
    rest = 11 - sum(int(d) * w for d, w in zip(plain, _CUIT, strict=False)) % 11
    return int(plain[-1]) == {11: 0, 10: 9}.get(rest, rest)
