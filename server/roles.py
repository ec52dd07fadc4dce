"""Roles and permissions in the words of those who give them; who may do what is `core.tenancy.PERMISSIONS` alone."""

from dataclasses import dataclass

from core.auth.members import ROLES as MEMBER_ROLES
from core.tenancy import PERMISSIONS, Permission, Role


@dataclass(frozen=True, slots=True)
class Named:
    """A role or a permission as it is told."""

    name: str
    about: str = ""


ROLES = {
    Role.owner: Named("dueño", "Todo, también la empresa y su gente."),
    Role.analyst: Named("analista", "Datos, metas, métricas e informes."),
    Role.operations: Named("operaciones", "Sucursales, productos y stock; sube archivos."),
    Role.marketing: Named("marketing", "Clientes, canales y campañas."),
    Role.finance: Named("finanzas", "Ingresos, costos y metas; ve la actividad."),
    Role.viewer: Named("visor", "Mira y pregunta, sin cambiar nada."),
}
TOLD = {
    Permission.look: Named("Preguntar y ver paneles"),
    Permission.upload: Named("Subir archivos y deshacer cargas"),
    Permission.download: Named("Descargar los datos completos"),
    Permission.plan: Named("Metas, métricas propias y avisos"),
    Permission.report: Named("Armar, compartir y programar informes"),
    Permission.manage: Named("Cambiar la empresa y su gente"),
    Permission.privacy: Named("Derechos sobre datos personales; llevarse o borrar todo"),
    Permission.audit: Named("Ver quién hizo qué"),
}
SCOPES = {
    Permission.look: Named("Preguntar y ver cifras"),
    Permission.upload: Named("Subir archivos"),
    Permission.download: Named("Descargar los datos completos"),
    Permission.plan: Named("Metas, métricas y avisos"),
    Permission.report: Named("Informes"),
}
"""What an API key may be given, in the same order as `core.auth.keys.SCOPES`."""


def table() -> tuple[list[str], list[tuple[str, list[bool]]]]:
    """The roles' names, and for each permission who has it. Pure."""
    rows = [(told.name, [permission in PERMISSIONS[role] for role in ROLES]) for permission, told in TOLD.items()]
    return [role.name for role in ROLES.values()], rows


if set(ROLES) != set(MEMBER_ROLES) or set(TOLD) != set(Permission) - {Permission.operate}:
    raise ValueError("A role or a permission has no Spanish name in server/roles.py")
