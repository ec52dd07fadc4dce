"""Questions about stock: what is left, what runs out, what stands still, what it is worth. Pure."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re
from dataclasses import dataclass
from typing import Protocol

from assistant.plan import Plan, Stop
from assistant.read import Reading
from core.language import fold
from features.query import Filter

BY_BRANCH = "by_branch"
LOW = "low"
STILL = "still"
"""Notes of a stock plan: told branch by branch, only what is at its minimum, only what nobody buys."""

_STOCK = re.compile(
    r"\b(?:stocks?|inventarios?|existencias|repon\w+|reposicion|reabastec\w+|quiebres?|agot\w+|acab(?:a|an|ando|ar|aran?)|quedan?"
    r"|(?:tengo|hay|tenemos) que (?:pedir|comprar|encargar)|deb(?:o|emos|eria) (?:pedir|comprar|encargar)|bodegas?|disponibles?"
    r"|(?:me |nos )?alcanzan?|dur(?:a|an|ara|aran)|bajo (?:el|su|sus) minimos?|en (?:el|su) minimo|stock minimo)\b"
)
_NOT_STOCK = re.compile(
    r"\b(?:rotacion|vencer|vencimientos?|cobrar|ganancia|utilidad|margen|cada|resultado|meta|pagar|sueldos?|arriendo)\b"
    r"|\b(?:me|nos|te) quedan? (?:plata|dinero|despues|al final|en el bolsillo|limpio)|plata (?:me|nos) quedan?"
)
_WORTH = re.compile(
    r"\b(?:vale|valen|valor|valorizad[oa]s?|valoriz\w+|cuesta|costo|plata|invertid[oa]s?|parad[oa] en|capital|dinero)\b"
)
_LOW = re.compile(r"\bminimos?\b|\bcritico\b")
_STILL = re.compile(
    r"\bno (?:se )?(?:mueven?|venden?|rotan?|salen?)\b|\bsin (?:movimientos?|ventas?|rotar)\b|\b(?:estancad|parad|muert|inmovil)\w+\b"
)


_HOW_LONG = re.compile(
    r"(?:para )?cuant[oa]s (?:dias|semanas)(?: mas)?(?: (?:me |nos )?dur(?:an?|aran?))?|(?<!menos )\b(?:me |nos )dur(?:an?|aran?)\b"
)


_NOT_SOLD = re.compile(r"\bno (?:(?:se|me|nos|han|ha) )*@m\d+")


class Named(Protocol):
    """A name that the books of stock know."""

    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _Asked:
    products: tuple[str, ...]
    branches: tuple[str, ...]


def forget(reading: Reading, name: str) -> None:
    """Take the words of a name that only the books know out of what is still to be understood."""
    said = set(fold(name).split())
    said |= {f"{word}{end}" for word in said for end in ("s", "es")}
    reading.unknown = [word for word in reading.unknown if fold(word) not in said]
    reading.text, reading.plain = (
        " ".join(word for word in text.split() if word not in said) for text in (reading.text, reading.plain)
    )


def asked(text: str) -> bool:
    """Whether a question is about stock."""
    return bool(_STOCK.search(text)) and not _NOT_STOCK.search(text)


def plan_of(reading: Reading, product: Named | None, branch: Named | None) -> Plan | Stop:
    """The plan of a question about stock. `product`, `branch`: names that stand in it and that no sale knows."""
    found = _asked(reading, product, branch)
    for one in (product, branch):
        if one is not None:
            forget(reading, one.name)
    # "¿Para cuántos días me alcanza?" is what stock is told by.
    reading.text = _HOW_LONG.sub(" ", reading.text)
    odd = next((n for n in reading.named if not _dimension(n.choices[0].dimension)), None)
    if odd is not None and not found.products:
        return Stop(
            "clarify", "unclear", f"El inventario lo veo por producto. ¿De qué producto, «{odd.choices[0].label}»?"
        )
    if not found.products and reading.unknown and not _WORTH.search(reading.plain):
        return Stop(
            "clarify", "unknown_name", f"No encuentro «{reading.unknown[0]}» entre tus productos. ¿Cómo se llama?",
            ("¿Qué se me está acabando?",),
        )  # fmt: skip
    filters = tuple(
        Filter(dimension, members)
        for dimension, members in (("product", found.products), ("branch", found.branches))
        if members
    )
    notes = [BY_BRANCH] if "branch" in reading.dimensions and not found.branches else []
    for said in (_WORTH, _LOW, _STILL, *((_NOT_SOLD,) if _STILL.search(reading.plain) else ())):
        reading.text = said.sub(" ", reading.text)
    if _WORTH.search(reading.plain):
        return Plan("stock_value", (), filters=filters, notes=tuple(notes))
    notes += [LOW] if _LOW.search(reading.plain) else []
    notes += [STILL] if _STILL.search(reading.plain) else []
    return Plan("stock", (), tuple(reading.whens), filters=filters, notes=tuple(notes))


def _asked(reading: Reading, product: Named | None, branch: Named | None) -> _Asked:
    clear = [n.choices[0] for n in reading.named if n.clear]
    products = tuple(m for c in clear if c.dimension == "product" for m in c.members)
    branches = tuple(m for c in clear if c.dimension == "branch" for m in c.members)
    return _Asked(products or ((product.name,) if product else ()), branches or ((branch.name,) if branch else ()))


def _dimension(id: str) -> bool:
    return id in ("product", "branch")
