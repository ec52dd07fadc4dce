"""One handler for everything that goes wrong: Spanish JSON for programs, a Spanish page for people."""

import logging
from urllib.parse import urlencode

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from core.errors import AyniError, BadInput, Forbidden, NotFound, NotSignedIn, TooLarge
from server.templates import render

logger = logging.getLogger(__name__)


class Broken(AyniError):
    """Our own fault: told without details, which are in the log."""


def install(app: FastAPI) -> None:
    """Have `app` answer every failure through `response_for`."""
    app.add_exception_handler(AyniError, _handle)
    app.add_exception_handler(HTTPException, _handle)
    app.add_exception_handler(RequestValidationError, _handle)
    app.add_exception_handler(psycopg.DataError, _handle)
    app.add_exception_handler(Exception, _handle)


def problem_of(error: Exception) -> AyniError:
    """Pure: what an owner may know of it."""
    if isinstance(error, AyniError):
        return error
    if isinstance(error, RequestValidationError):
        where = ", ".join(".".join(str(p) for p in e["loc"][1:]) or "cuerpo" for e in error.errors())
        return BadInput("invalid", f"Falta algo o no se entiende: {where}.", "Revisa la documentación en /api/docs.")
    if isinstance(error, psycopg.errors.UntranslatableCharacter) or (
        isinstance(error, psycopg.DataError) and "NUL" in str(error)
    ):
        return BadInput("invalid", "Eso trae un carácter que no puedo guardar.", "Escríbelo de nuevo, sin pegarlo.")
    status = error.status_code if isinstance(error, HTTPException) else 500
    match status:
        case 401:
            return NotSignedIn("signed_out", "Necesitas entrar.", "Entra con tu correo y tu clave.")
        case 403:
            return Forbidden("forbidden", "No puedes hacer eso.")
        case 404:
            return NotFound("not_found", "Aquí no hay nada.", "Vuelve al inicio.")
        case 413:
            return TooLarge("too_large", "Eso pesa demasiado.", "Divide el archivo, por ejemplo por año.")
    problem: AyniError = Broken("internal", "Algo falló de nuestro lado.", "Tus datos están a salvo. Prueba otra vez.")
    if status < 500:
        problem = BadInput("invalid", "No entendí esa petición.")
    problem.http_status = status
    return problem


def response_for(problem: AyniError, headers: Headers, path: str, query: str = "") -> Response:
    """The same problem as JSON, as a page, or as the way to the login and from there to where it was wanted."""
    wants_page = not path.startswith("/api/") and "text/html" in headers.get("accept", "")
    if headers.get("hx-request"):
        if isinstance(problem, NotSignedIn):
            return Response(status_code=401, headers={"HX-Redirect": "/entrar"})
        return render("problema_breve.html", {"problem": problem}, status=problem.http_status)
    if not wants_page:
        body = {"code": problem.code, "message": problem.message, "remedy": problem.remedy}
        extra = {"WWW-Authenticate": "Bearer"} if isinstance(problem, NotSignedIn) else {}
        return JSONResponse(body, problem.http_status, extra)
    if isinstance(problem, NotSignedIn) and path != "/entrar":
        return RedirectResponse(f"/entrar?{urlencode({'next': f'{path}?{query}' if query else path})}", 303)
    return render("problema.html", {"problem": problem}, status=problem.http_status)


async def _handle(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    if isinstance(problem, Broken):
        logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return response_for(problem, request.headers, request.url.path, request.url.query)
