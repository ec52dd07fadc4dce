"""Countries and what a company of each starts with: its money, its hours, its Spanish, its regions."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Country:
    """What a company of this country starts with."""

    name: str
    currency: str
    timezone: str
    locale: str
    regions: tuple[str, ...] = ()
    """Its regions as people name them; none: they write it as they like."""


_CHILE = (
    "Arica y Parinacota", "Tarapacá", "Antofagasta", "Atacama", "Coquimbo", "Valparaíso", "Metropolitana de Santiago",
    "O'Higgins", "Maule", "Ñuble", "Biobío", "La Araucanía", "Los Ríos", "Los Lagos", "Aysén", "Magallanes",
)  # fmt: skip

COUNTRIES = {
    "CL": Country("Chile", "CLP", "America/Santiago", "es-CL", _CHILE),
    "AR": Country("Argentina", "ARS", "America/Argentina/Buenos_Aires", "es-AR"),
    "BR": Country("Brasil", "BRL", "America/Sao_Paulo", "es-CL"),
    "PE": Country("Perú", "PEN", "America/Lima", "es-CL"),
    "UY": Country("Uruguay", "UYU", "America/Montevideo", "es-CL"),
    "BO": Country("Bolivia", "BOB", "America/La_Paz", "es-CL"),
    "PY": Country("Paraguay", "PYG", "America/Asuncion", "es-CL"),
    "CO": Country("Colombia", "COP", "America/Bogota", "es-CL"),
    "MX": Country("México", "MXN", "America/Mexico_City", "es-CL"),
    "EC": Country("Ecuador", "USD", "America/Guayaquil", "es-CL"),
    "US": Country("Estados Unidos", "USD", "America/New_York", "es-CL"),
    "ES": Country("España", "EUR", "Europe/Madrid", "es-CL"),
}

_FURTHER = (
    "America/Punta_Arenas", "Pacific/Easter", "America/Argentina/Ushuaia", "America/Manaus", "Pacific/Galapagos",
    "America/Tijuana", "America/Chicago", "America/Los_Angeles", "Atlantic/Canary",
)  # fmt: skip
TIMEZONES = tuple(sorted({*(c.timezone for c in COUNTRIES.values()), *_FURTHER}))
"""The clocks a company may keep; a file's days are counted by its company's."""
