"""Sectors: what kind of business a company is, within the SII's economic sections (rubros).

The sections are those of Chile's SII, which follow ISIC rev. 4 as the tax offices of Argentina and Brazil do, so
that one list serves all three. A sector not listed stands as its own under "other services".
"""

from dataclasses import dataclass

from core.language import fold


@dataclass(frozen=True, slots=True)
class Section:
    """One of the SII's 21 rubros."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Sector:
    """A kind of business as an owner names it; `plural` completes '14 …'."""

    id: str
    plural: str
    section: str
    words: tuple[str, ...] = ()
    feminine: bool = True


SECTIONS = tuple(
    Section(*pair)
    for pair in (
        ("agriculture", "agricultura, ganadería, silvicultura y pesca"),
        ("mining", "explotación de minas y canteras"),
        ("manufacturing", "industria manufacturera"),
        ("energy", "suministro de electricidad, gas, vapor y aire acondicionado"),
        ("water", "suministro de agua y gestión de desechos"),
        ("construction", "construcción"),
        ("commerce", "comercio al por mayor y al por menor y reparación de vehículos"),
        ("transport", "transporte y almacenamiento"),
        ("food_lodging", "alojamiento y servicio de comidas"),
        ("information", "información y comunicaciones"),
        ("finance", "actividades financieras y de seguros"),
        ("real_estate", "actividades inmobiliarias"),
        ("professional", "actividades profesionales, científicas y técnicas"),
        ("administrative", "servicios administrativos y de apoyo"),
        ("public", "administración pública y defensa"),
        ("education", "enseñanza"),
        ("health", "salud humana y asistencia social"),
        ("arts", "actividades artísticas, de entretenimiento y recreativas"),
        ("other_services", "otras actividades de servicios"),
        ("households", "hogares como empleadores"),
        ("extraterritorial", "organizaciones y órganos extraterritoriales"),
    )
)

SECTORS = (
    Sector("panaderia", "panaderías", "manufacturing", ("panadería", "pastelería", "amasandería", "bakery")),
    Sector("restaurante", "restaurantes", "food_lodging", ("restaurant", "comida rápida", "sushi"), feminine=False),
    Sector("cafeteria", "cafeterías", "food_lodging", ("café", "coffee")),
    Sector("hotel", "hoteles y hostales", "food_lodging", ("hostal", "alojamiento"), feminine=False),
    Sector("almacen", "almacenes y minimarkets", "commerce", ("minimarket", "abarrotes", "bodega"), feminine=False),
    Sector("supermercado", "supermercados", "commerce", ("super",), feminine=False),
    Sector("ferreteria", "ferreterías", "commerce", ("materiales de construcción",)),
    Sector("farmacia", "farmacias", "commerce", ("botica",)),
    Sector("vestuario", "tiendas de ropa", "commerce", ("ropa", "moda", "boutique", "calzado")),
    Sector("tienda_online", "tiendas en línea", "commerce", ("ecommerce", "e-commerce", "tienda online")),
    Sector("libreria", "librerías", "commerce", ("papelería",)),
    Sector("botilleria", "botillerías", "commerce", ("licores",)),
    Sector("comercio", "comercios", "commerce", ("retail", "tienda", "comercial"), feminine=False),
    Sector("taller", "talleres mecánicos", "commerce", ("mecánica", "automotriz"), feminine=False),
    Sector("peluqueria", "peluquerías y barberías", "other_services", ("barbería", "salón", "estética")),
    Sector("gimnasio", "gimnasios", "arts", ("crossfit",), feminine=False),
    Sector("clinica", "consultas y clínicas", "health", ("dental", "consulta")),
    Sector("veterinaria", "veterinarias", "professional", ("mascotas",)),
    Sector("imprenta", "imprentas", "manufacturing", ("gráfica",)),
    Sector("constructora", "constructoras", "construction", ("contratista",)),
    Sector("transporte", "empresas de transporte", "transport", ("fletes", "logística")),
    Sector("servicios", "empresas de servicios", "other_services", ("servicio",)),
)

_BY_ID = {s.id: s for s in SECTORS}
_SECTION = {s.id: s for s in SECTIONS}
_BY_WORD: dict[str, Sector] = {}
for _sector in SECTORS:
    for _word in {_sector.id, _sector.plural, *_sector.words}:
        if _BY_WORD.setdefault(fold(_word), _sector) is not _sector:
            raise ValueError(f"{_word!r} names both {_sector.id} and {_BY_WORD[fold(_word)].id}")
    if _sector.section not in _SECTION:
        raise ValueError(f"{_sector.id} is in no section: {_sector.section!r}")


def sector(text: str) -> Sector:
    """The sector an owner's words name; words unknown here make a sector of their own."""
    folded = fold(text).replace("_", " ")
    known = _BY_ID.get(fold(text)) or _BY_WORD.get(folded) or _BY_WORD.get(folded.removesuffix("s"))
    return known or Sector(folded.replace(" ", "_") or "servicios", f"negocios de {text.strip()}", "other_services")


def known(text: str) -> str:
    """The listed sector's id that these words name, else the words themselves."""
    found = sector(text)
    return found.id if found in SECTORS else text.strip()


def section(of: Sector) -> Section:
    return _SECTION[of.section]
