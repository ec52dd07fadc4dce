"""The pages an owner needs besides the chat: the door, their files, where a figure comes from, a first look."""

from fastapi import APIRouter

from server.pages.actividad import router as actividad
from server.pages.avisos import router as avisos
from server.pages.cierre import router as cierre
from server.pages.claves import router as claves
from server.pages.cuenta import router as cuenta
from server.pages.datos import router as datos
from server.pages.descargas import router as descargas
from server.pages.dev_mails import router as dev_mails
from server.pages.empresa import router as empresa
from server.pages.entrar import router as entrar
from server.pages.explorar import router as explorar
from server.pages.fuentes import router as fuentes
from server.pages.informe_armar import router as informe_armar
from server.pages.informe_envio import router as informe_envio
from server.pages.informes import router as informes
from server.pages.invitacion import router as invitacion
from server.pages.medidas import router as medidas
from server.pages.metas import router as metas
from server.pages.metricas import router as metricas
from server.pages.nueva import router as nueva
from server.pages.operador import router as operador
from server.pages.panel import router as panel
from server.pages.personas import router as personas
from server.pages.privacidad import router as privacidad
from server.pages.recuperar import router as recuperar
from server.pages.resumen import router as resumen
from server.pages.segundo_paso import router as segundo_paso
from server.pages.tipo import router as tipo
from server.pages.whatsapp import router as whatsapp

router = APIRouter(include_in_schema=False)
for page in (
    entrar,
    recuperar,
    invitacion,
    personas,
    claves,
    cuenta,
    segundo_paso,
    datos,
    tipo,
    fuentes,
    panel,
    explorar,
    empresa,
    nueva,
    resumen,
    metas,
    metricas,
    medidas,
    dev_mails,
    whatsapp,
    avisos,
    informes,
    informe_armar,
    informe_envio,
    descargas,
    privacidad,
    cierre,
    actividad,
    operador,
):
    router.include_router(page)
