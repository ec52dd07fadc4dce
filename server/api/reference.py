"""The API's documentation at /api/docs, from files of our own: no request leaves for a CDN."""

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from server.templates import render

router = APIRouter(include_in_schema=False)


@router.get("/api/docs")
def docs() -> HTMLResponse:
    return render("api.html")
