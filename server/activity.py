"""The log's actions in words, by kind. What is not here yet is shown by its own name: nothing is hidden. Pure."""

import re
from datetime import date

from core.periods import day_label
from core.tenancy import Role
from server.roles import ROLES, SCOPES

_FILES = {
    "upload": "Subió un archivo",
    "undo": "Deshizo una carga",
    "remap": "Corrigió las columnas de un archivo",
    "download": "Descargó un conjunto de datos",
    "download_original": "Descargó un archivo original",
    "export": "Pidió una copia completa",
    "export_download": "Descargó la copia completa",
    "job_retry": "Quien opera Ayni volvió a intentar un trabajo",
}
_PRIVACY = {
    "privacy_access": "Registró una solicitud de acceso",
    "privacy_portability": "Registró una solicitud de portabilidad",
    "privacy_rectification": "Registró una solicitud de rectificación",
    "privacy_opposition": "Registró una solicitud de oposición",
    "privacy_deletion": "Registró una solicitud de supresión",
    "privacy_search": "Buscó a una persona en los datos",
    "privacy_delivered": "Descargó los datos de una persona",
    "privacy_erased": "Se eliminó a una persona de los datos",
    "privacy_retry": "Volvió a intentar una solicitud",
}
_PEOPLE = {
    "invited": "Invitó a alguien",
    "invitation_resent": "Reenvió una invitación",
    "invitation_revoked": "Anuló una invitación",
    "joined": "Entró a la empresa",
    "member_role": "Cambió el rol de alguien",
    "member_removed": "Sacó a alguien de la empresa",
    "key_created": "Creó una clave para programas",
    "key_revoked": "Anuló una clave para programas",
    "second_factor": "Cambió su segundo paso para entrar",
    "recovery_codes": "Pidió códigos de respaldo",
    "recovery_code_used": "Entró con un código de respaldo",
    "password": "Cambió su clave",
    "password_reset": "Recuperó su clave",
    "user_name": "Cambió su nombre",
    "user_email": "Cambió su correo",
}
_COMPANY = {
    "founded": "Creó la empresa",
    "name": "Cambió el nombre de la empresa",
    "sector": "Cambió el rubro",
    "tax_id": "Cambió el RUT de la empresa",
    "region": "Cambió la región",
    "country": "Cambió el país",
    "timezone": "Cambió la zona horaria",
    "share_benchmarks": "Cambió si participa en la comparación",
    "logo": "Cambió el logo",
    "mail_forged": "Alguien escribió con el correo de una persona del equipo sin serlo; no le respondimos",
    "leave_ask": "Pidió cerrar la empresa",
    "leave_cancel": "Canceló el cierre de la empresa",
}
_PLANS = {
    "target": "Cambió una meta",
    "target_removed": "Quitó una meta",
    "own_metric": "Definió una métrica propia",
    "own_metric_removed": "Quitó una métrica propia",
    "own_measure": "Anotó una medida propia",
    "own_measure_removed": "Quitó una medida propia",
    "alert_rule_made": "Creó un aviso",
    "alert_rule_changed": "Cambió un aviso",
    "alert_rule_ended": "Terminó un aviso",
    "report_shared": "Cambió con quién se comparte un informe",
    "report_deleted": "Borró un informe",
    "whatsapp_linked": "Conectó un WhatsApp",
    "whatsapp_unlinked": "Desconectó un WhatsApp",
    "whatsapp_opted_in": "Aceptó mensajes por WhatsApp",
    "whatsapp_opted_out": "Dejó de aceptar mensajes por WhatsApp",
}

GROUPS = {
    "archivos": ("Archivos y descargas", frozenset(_FILES)),
    "personas": ("Personas y accesos", frozenset(_PEOPLE)),
    "privacidad": ("Datos personales", frozenset(_PRIVACY)),
    "empresa": ("Empresa", frozenset(_COMPANY)),
    "planes": ("Metas, métricas, avisos e informes", frozenset(_PLANS)),
}
"""Kind -> its name and its actions."""
ACTIONS = _FILES | _PRIVACY | _PEOPLE | _COMPANY | _PLANS


def said(action: str) -> str:
    """'Subió un archivo'."""
    return ACTIONS.get(action, action.replace("_", " "))


_WORDS = {
    "on": "sí",
    "off": "no",
    "by phone": "desde el teléfono",
    "by page": "desde la página",
    "sales": "ventas",
    "expenses": "gastos",
    "stock": "inventario",
}
_GIVEN = {p.value: SCOPES[p].name.lower() for p in SCOPES}
_WHOLE = frozenset({"logo", "share_benchmarks", "whatsapp_unlinked", "whatsapp_opted_in", "whatsapp_opted_out"})


def detail(action: str, subject: str) -> str:
    """What the log keeps in the code's words, in the reader's: 'ana@x.cl: finanzas' of 'ana@x.cl: finance'. A name that
    somebody gave stays as it is."""
    if action in _WHOLE:
        return _WORDS.get(subject, subject)
    if action == "second_factor":
        return {"on": "encendido", "off": "apagado"}.get(subject, subject)
    if action == "leave_ask":
        return f"se borra el {day_label(date.fromisoformat(subject))}"
    name, colon, kept = subject.rpartition(": ")
    if action == "reclassify":
        return f"{name}{colon}{', '.join(_WORDS.get(one, one) for one in kept.split(', '))}"
    if action == "key_created":
        return f"{name}{colon}{', '.join(_GIVEN.get(one, one) for one in kept.split(', '))}"
    if action in ("invited", "joined", "member_role"):
        return f"{name}{colon}{re.sub('[a-z]+', _role, kept)}"
    return subject


def _role(found: re.Match[str]) -> str:
    return ROLES[Role(found[0])].name if found[0] in set(ROLES) else found[0]
