"""The pages an owner needs besides the chat: the door, their files, where a figure comes from, a first look."""

from fastapi import APIRouter

from server.pages import datos, entrar, fuentes, panel

router = APIRouter(include_in_schema=False)
for page in (entrar, datos, fuentes, panel):
    router.include_router(page.router)
