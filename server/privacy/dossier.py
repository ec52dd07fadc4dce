"""What a company holds about one person, as a zip for them: JSON for programs, CSV for people."""

import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import UUID

from core.db import Connection
from core.tenancy import Scope
from ingest import persons
from server import uploads
from server.downloads.writing import folder
from server.privacy import everywhere

WHERE = {
    "rejected_rows": "filas apartadas",
    "exchanges": "preguntas al asistente",
    "conversations": "conversaciones",
    "chat_threads": "chats",
    "chat_steps": "chats",
    "chat_elements": "chats",
    "chunks": "textos del asistente",
    "insights": "hallazgos",
    "metric_values": "métricas",
    "fact_sales": "ventas, en otra columna",
    "sales_mart": "ventas, en otra columna",
    "uploads": "archivos subidos",
    "audit_log": "actividad",
    "privacy_requests": "solicitudes anteriores",
    "mails": "correos enviados",
    "alerts": "avisos",
    "alert_rules": "avisos",
    "jobs": "trabajos internos",
    "fact_expenses": "gastos",
    "fact_stock": "inventario",
    "dim_products": "productos",
    "targets": "metas",
    "own_metrics": "métricas propias",
    "own_measures": "medidas propias",
    "own_measure_values": "medidas propias",
    "reports": "informes",
    "report_schedules": "informes programados",
    "inbound_mails": "correos recibidos",
    "whatsapp_sent": "mensajes de WhatsApp",
    "whatsapp_files": "archivos por WhatsApp",
    "whatsapp_links": "teléfonos conectados",
    "invitations": "invitaciones",
}
"""A table in the owner's words; one that is not here is told by its own name."""
README = """Datos personales de {subject} en {company}, al {day}.

persona.json     todo lo de abajo en un solo archivo, para llevarlo a otro sistema
compras.csv      cada línea de venta a su nombre
archivos.csv     las filas de los archivos que la mencionan
menciones.csv    otros textos que la mencionan: chats, preguntas, avisos
"""


def where(table: str) -> str:
    return WHERE.get(table, table.replace("_", " "))


def write(who: persons.Person, subject: str, day: date, scope: Scope, connection: Connection) -> IO[bytes]:
    """The zip, in an unnamed file at its start: no copy of it stays."""
    customers = persons.customers(who, scope, connection)
    rows = list(persons.lines([c.id for c in customers], scope, connection))
    found = list(persons.stored_files(who, scope, connection))
    told = everywhere.mentions(who, scope, connection)
    whole = {
        "persona": who.as_json(),
        "empresa": scope.company.name,
        "fecha": day,
        "clientes": [
            {"nombre": c.name, "rut": c.tax_id, "lugares": list(c.cities), "fuera_de_analisis": c.reserved}
            for c in customers
        ],
        "compras": rows,
        "archivos": [
            {"archivo": f.upload.filename if f.upload else "", "filas": f.found.rows, "ilegible": f.found.removed}
            for f in found
        ],
        "menciones": [{"donde": where(m.table), "cuantas": m.rows, "textos": list(m.excerpts)} for m in told],
    }
    out = TemporaryFile(dir=folder())  # noqa: SIM115  # whoever streams it closes it
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("LEEME.txt", README.format(subject=subject, company=scope.company.name, day=day.isoformat()))
        book.writestr("persona.json", json.dumps(whole, ensure_ascii=False, indent=1, default=_plain))
        _sheet(book, "compras.csv", ([list(persons.COLUMNS)], ([r[c] for c in persons.COLUMNS] for r in rows)))
        lines = (
            [f.upload.filename if f.upload else "", n, k, v]
            for f in found
            for n, row in zip(f.found.lines, f.found.rows, strict=False)
            for k, v in row.items()
        )
        _sheet(book, "archivos.csv", ([["archivo", "fila", "columna", "valor"]], lines))
        _sheet(book, "menciones.csv", ([["donde", "texto"]], ([where(m.table), t] for m in told for t in m.excerpts)))
    out.seek(0)
    return out


def _sheet(book: zipfile.ZipFile, name: str, parts: tuple[list[list[Any]], Iterator[list[Any]]]) -> None:
    head, rows = parts
    with book.open(name, "w", force_zip64=True) as out:
        for line in uploads.csv_lines(row for part in (head, rows) for row in part):
            out.write(line.encode())


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(type(value))
