"""The pages an owner needs besides the chat: the door, their files, where a figure comes from, a first look."""

from fastapi import APIRouter

from server.pages.datos import router as datos
from server.pages.dev_mails import router as dev_mails
from server.pages.empresa import router as empresa
from server.pages.entrar import router as entrar
from server.pages.fuentes import router as fuentes
from server.pages.invitacion import router as invitacion
from server.pages.logo import router as logo
from server.pages.metas import router as metas
from server.pages.metricas import router as metricas
from server.pages.panel import router as panel
from server.pages.recuperar import router as recuperar
from server.pages.resumen import router as resumen
from server.pages.whatsapp import router as whatsapp

router = APIRouter(include_in_schema=False)
for page in (
    entrar,
    recuperar,
    invitacion,
    datos,
    fuentes,
    panel,
    empresa,
    logo,
    resumen,
    metas,
    metricas,
    dev_mails,
    whatsapp,
):
    router.include_router(page)
