"""What an owner is told of how a file was read, in Spanish."""

from collections.abc import Collection, Sequence
from pathlib import PurePath
from typing import Any

from core.language import join, plural
from ingest.columns import BY_ID
from ingest.lines import REASONS
from ingest.reading import Reading
from ingest.tables import Table
from ingest.types import Upload

_WORKBOOKS = frozenset({".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"})


def reason(code: str, line: int, reading: Reading) -> str:
    """Why a row was set aside, and where it stands, if its line in the file does not say."""
    kind, _, field = code.partition(":")
    column = reading.header_of(field) or (BY_ID[field].name if field in BY_ID else "")
    said, place = REASONS[kind].format(column=f"«{column}»"), reading.table.place(line)
    return f"{said.removesuffix('.')} ({place})." if place else said


def posing(filename: str, table: Table) -> str:
    """What to say of a text file that calls itself a workbook; '' of any other."""
    name = PurePath(filename).suffix.lower()
    if name in _WORKBOOKS and table.describe()["format"] == "text":
        return f"Se llama {name}, pero por dentro es texto: lo leí como texto."
    return ""


def known(files: Sequence[tuple[str, int]], parts: Collection[str]) -> tuple[str, ...]:
    """Which files (name, lines) brought the lines that were there. Where nothing but day, product and amount tells
    lines apart, equal sales of two branches look like one: then that is said too."""
    if not files:
        return ()
    count = plural(sum(n for _, n in files), "línea ya estaba", "líneas ya estaban")
    said = f"{count} por {join([f'«{name}»' for name, _ in files])}: no se cuentan dos veces."
    if {"order", "clock", "branch"} & set(parts):
        return (said,)
    doubt = (
        "El archivo no trae número de venta, hora ni sucursal: si son ventas de otro local, agrega una columna "
        "Sucursal y súbelo de nuevo."
    )
    return (said, doubt)


def told(reading: Reading, totals: int, cancelled: int, repeated: int, known: tuple[str, ...]) -> dict[str, Any]:
    """The reading with what was seen while cleaning, in the owner's words."""
    notes = list(reading.notes)
    notes += _sheets(reading.as_json())
    notes += known
    if totals:
        notes.append(f"Salté {plural(totals, 'fila', 'filas')} de totales.")
    if cancelled:
        notes.append(
            f"{plural(cancelled, 'línea anulada o cancelada', 'líneas anuladas o canceladas')}: no suman ventas."
        )
    if repeated:
        count = plural(repeated, "línea es igual a otra", "líneas son iguales a otra")
        notes.append(
            f"{count} del mismo archivo. Las conté todas; si alguna está repetida por error, "
            "deshaz esta carga, bórrala en tu planilla y sube el archivo otra vez."
        )
    return {**reading.as_json(), "notes": notes, "totals_rows": totals, "cancelled": cancelled}


def currency(code: str) -> str:
    """Said once, where the first file brings another currency than the country's."""
    return f"Los montos vienen en {code}: desde ahora muestro tus ventas en esa moneda."


def message(done: Upload) -> str:
    """'No usé la hoja «Notas»: no tiene fechas y montos de ventas. Usé «Ventas» (2.356 líneas, 3 apartadas).'"""
    count = plural(done.accepted, "línea", "líneas")
    aside = [plural(done.set_aside, "apartada", "apartadas")] if done.set_aside else []
    known = [plural(done.already_known, "que ya estaba", "que ya estaban")] if done.already_known else []
    used = f"Usé {done.reading.get('sheet') or done.filename} ({', '.join([count, *aside, *known])})."
    if done.accepted:
        return " ".join([*_sheets(done.reading), used])
    return f"{used} Ninguna fila me sirvió: mira por qué en las apartadas, arréglalas y sube el archivo de nuevo."


def _sheets(reading: dict[str, Any]) -> list[str]:
    skipped: dict[str, str] = reading.get("skipped_sheets") or {}
    return [f"No usé la hoja «{name}»: {why}." for name, why in skipped.items()][:3]
