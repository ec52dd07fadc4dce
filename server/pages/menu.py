"""The menu, said once: each page's line, and who sees it. Pure."""

from dataclasses import dataclass

from core.tenancy import Permission, Scope
from server.identity import Visitor


@dataclass(frozen=True, slots=True)
class Item:
    """One line: `here` is what the page calls itself, `short` its name on a phone ('' keeps it under «Más»)."""

    here: str
    href: str
    name: str
    short: str = ""
    permission: Permission = Permission.look


MAIN = (
    Item("chat", "/chat", "Preguntar", "Preguntar"),
    Item("panel", "/panel", "Panel", "Panel"),
    Item("explorar", "/explorar", "Explorar"),
    Item("datos", "/datos", "Mis datos", "Datos"),
)
MORE = (
    Item("informes", "/informes", "Informes"),
    Item("metas", "/metas", "Metas"),
    Item("metricas", "/metricas", "Métricas"),
    Item("avisos", "/avisos", "Avisos"),
    Item("resumen", "/resumen", "Resumen por correo"),
    Item("whatsapp", "/whatsapp", "WhatsApp"),
    Item("empresa", "/empresa", "Mi empresa"),
    Item("personas", "/personas", "Personas", permission=Permission.manage),
    Item("descargas", "/descargas", "Centro de descargas", permission=Permission.download),
    Item("privacidad", "/privacidad", "Datos personales", permission=Permission.privacy),
    Item("actividad", "/actividad", "Actividad", permission=Permission.audit),
    Item("cierre", "/cierre", "Llevarse todo o cerrar", permission=Permission.privacy),
    Item("cuenta", "/cuenta", "Mi cuenta"),
)
"""Under «Más», in this order."""
FOUND = Item("nueva", "/empresas/nueva", "Nueva empresa")
"""For who owns a company and may found another, whatever their role in this one."""
OPERATE = Item("operador", "/operador", "Operador")
"""For accounts that run Ayni."""


def more(visitor: Visitor) -> list[Item]:
    """What this visitor finds under «Más»."""
    found = [FOUND] if visitor.may_found else []
    return [*seen(MORE, visitor.scope), *found, *([OPERATE] if visitor.session.operator else [])]


def seen(items: tuple[Item, ...], scope: Scope) -> list[Item]:
    """Those that the role may open."""
    return [item for item in items if scope.may(item.permission)]
