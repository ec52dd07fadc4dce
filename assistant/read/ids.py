"""Customers by their tax id: 'ventas a 12.345.678-5'. Pure."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re
from collections.abc import Mapping

from assistant import grammar as g
from assistant.names import Choice, Named
from assistant.read.named import LEFT_OUT, left_out
from assistant.read.reading import Reading

TAX_ID = re.compile(
    r"(?<![\w.,/-])(?:(?:con |el |del? )?(?:rut|run|cuit)(?: |: ?| n[°º.]? ?)+)?(?P<id>\d{1,3}\.?\d{3}\.?\d{3} ?[-–] ?[\dk])(?![\w/-]|[.,]\d)",
    re.IGNORECASE,
)
MARK = "qxidq"
"""Stands for a tax id while the words are read: one word that no typo is mended to."""


def take_ids(reading: Reading, ids: list[str], known: Mapping[str, str]) -> None:
    """'Ventas a 12.345.678-5': a tax id names a customer, however it is spelled."""
    for id in ids:
        name = known.get(re.sub(r"[^\dk]", "", id.lower()).lstrip("0"))
        if name is None:
            reading.unknown.append(id)
            reading.text = re.sub(rf"(?<!\S){MARK}(?!\S)", " ", reading.text, count=1)
        else:
            before, _, after = reading.text.partition(MARK)
            if left_out(before.strip(), after.strip(), reading.excluded):
                reading.excluded.add(len(reading.named))
                before = LEFT_OUT.sub("sin", g.EXCLUDE.sub("sin", before.strip())) + " "
            reading.text = f"{before}@n{len(reading.named)}{after}"
            reading.named.append(Named(0, 0, (Choice("customer", (name,), name),), True))
    reading.text = " ".join(reading.text.split())
