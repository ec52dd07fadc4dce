"""Questions to begin with, suited to what the company has sent. Pure, but for `starters_for`, which looks."""

from datetime import date, datetime, timedelta

import features
from core import db
from core.periods import MONTHS, Period
from core.tenancy import Scope

WELCOME = (
    "**Hola, soy Ayni.** Respondo sobre tu negocio con cifras exactas, y cada una se puede abrir hasta las líneas "
    "de donde sale.\n\n"
    "Para empezar, **sube tu primer archivo de ventas**: arrástralo aquí o elígelo con el clip. Sirve lo que exporta "
    "tu caja, tu tienda en línea o el SII, en CSV o Excel, tal como viene. Te muestro cómo entendí tus columnas y "
    "en un par de minutos puedes preguntar."
)

WITHOUT_DATA = ("¿Qué archivo puedo subir?", "¿Qué me puedes responder?")


def starters_for(scope: Scope) -> tuple[str, ...]:
    with db.tenant(scope) as connection:
        coverage = features.coverage(scope, connection)
        branches = features.members("branch", scope, connection) if "store_id" in coverage.columns else ()
    today = datetime.now(scope.company.tz).date()
    return starters(coverage.period, coverage.columns, len(branches), today)


def starters(data: Period | None, columns: frozenset[str], branches: int, today: date) -> tuple[str, ...]:
    """At most four, each answerable with what is there."""
    if data is None:
        return WITHOUT_DATA
    month = month_name(last_full_month(data, today), today)
    questions = [f"¿Cómo me fue en {month}?"]
    if "product_id" in columns:
        questions.append(f"¿Qué productos vendieron más en {month}?")
    if branches > 1:
        questions.append(f"Ventas por sucursal en {month}")
    if "cost" in columns:
        questions.append("¿Cuánto me queda de cada 100 pesos?")
    questions.append("¿Cómo vienen mis ventas mes a mes?")
    return tuple(questions[:4])


def last_full_month(data: Period, today: date) -> date:
    """The first day of the last month that the data covers to its end; of the last one begun, if none is whole."""
    end = min(data.end, today)
    first = end.replace(day=1)
    whole = (end + timedelta(days=1)).day == 1
    before = (first - timedelta(days=1)).replace(day=1)
    return first if whole or before < data.start.replace(day=1) else before


def month_name(month: date, today: date) -> str:
    """'octubre', or 'octubre de 2024' where the bare word would mean another year's."""
    latest = today.year if month.month <= today.month else today.year - 1
    name = MONTHS[month.month - 1]
    return name if month.year == latest else f"{name} de {month.year}"
