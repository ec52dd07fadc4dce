"""Who may open what: every route of the application × every role × another company's object.

The routes come from the application itself. A new one must be named below with what it asks of its visitor, and one
with an id in its path must say whose id that is: until then this file fails.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from psycopg import sql
from psycopg.types.json import Jsonb

import ingest
from core import auth, db
from core.auth.keys import SCOPES
from core.auth.members import ROLES
from core.tenancy import PERMISSIONS, Permission, Role, Scope
from server.channels import email
from tests.server.conftest import PASSWORD

look, upload, download, plan, report, manage, privacy, audit, operate = Permission
Route = tuple[str, str]

OPEN = """
GET / · GET /login · GET /entrar · POST /entrar · POST /entrar/codigo · POST /salir
GET /recuperar · POST /recuperar · GET /recuperar/nueva · POST /recuperar/nueva
GET /invitacion · POST /invitacion · GET /cuenta/correo/confirmar · POST /cuenta/correo/confirmar
GET /resumen/baja/{token} · POST /resumen/baja/{token} · GET /avisos/correo/{ticket} · POST /avisos/correo/{ticket}
GET /healthz · GET /readyz · GET /metrics · GET /api/docs · GET /api/openapi.json
POST /api/v1/mail/inbound · GET /whatsapp/webhook · POST /whatsapp/webhook
"""
"""For whoever comes: the doors, what carries a proof of its own (ticket, signature), what tells nothing of anyone."""

NEEDS: dict[Permission, str] = {
    look: """
POST /api/v1/ask · GET /api/v1/metrics · GET /api/v1/metrics/{metric_id} · GET /api/v1/panel/{board}
GET /panel · GET /panel/{board} · GET /panel/{board}/{block}.png
GET /explorar · GET /explorar/miembros · GET /explorar.{kind} · GET /informes/{id}/bloque/{block}.png
GET /fuentes · GET /datos · GET /datos/lista · GET /datos/{upload_id} · GET /datos/{upload_id}/avance
GET /datos/{upload_id}/apartadas.csv · GET /datos/eventos
GET /resumen · POST /resumen · POST /resumen/otra-vez · POST /resumen/reanudar · GET /resumen/correo
GET /resumen/resumen.pdf · GET /dev/mails · GET /dev/mails/{name}
GET /empresa · POST /empresa · GET /empresa/logo.png · POST /invitacion/aceptar
GET /claves · POST /claves · POST /claves/{id}/revocar
GET /cuenta · POST /cuenta/nombre · POST /cuenta/clave · POST /cuenta/correo · POST /cuenta/sesiones/{id}/cerrar
GET /cuenta/segundo-paso · POST /cuenta/segundo-paso · POST /cuenta/segundo-paso/confirmar
POST /cuenta/segundo-paso/codigos · POST /cuenta/segundo-paso/apagar
GET /metas · GET /metricas · GET /metricas/prueba · GET /metricas/medidas/{measure_id}
GET /avisos · GET /avisos/{rule_id} · POST /avisos/alerta/{alert_id}/vista · POST /avisos/alerta/{alert_id}/posponer
GET /informes · GET /informes/{id} · GET /informes/{id}/informe.{kind} · POST /informes/{id}/envio/salir
GET /whatsapp · POST /whatsapp/codigo · POST /whatsapp/avisos · POST /whatsapp/desconectar
GET /whatsapp/fuentes/{exchange}
""",
    upload: """
POST /api/v1/uploads · PUT /api/v1/uploads/{upload_id}/mapping · DELETE /api/v1/uploads/{upload_id}
POST /datos · POST /datos/{upload_id}/tipo · POST /datos/{upload_id}/columnas · POST /datos/{upload_id}/deshacer
""",
    download: """
GET /api/v1/downloads · GET /api/v1/downloads/{dataset}
GET /fuentes.csv · GET /descargas · GET /descargas/originales/{upload_id} · GET /descargas/{dataset}.{form}
""",
    plan: """
POST /metas · POST /metas/proponer · POST /metas/borrar
POST /metricas · POST /metricas/{metric_id}/borrar · POST /metricas/{metric_id}/recuperar
POST /metricas/medidas · POST /metricas/medidas/{measure_id} · POST /metricas/medidas/{measure_id}/borrar
GET /avisos/nuevo · POST /avisos/nuevo · POST /avisos/{rule_id} · POST /avisos/{rule_id}/quitar
""",
    report: """
POST /informes · POST /informes/{id}/duplicar · POST /informes/{id}/nombre · POST /informes/{id}/compartir
GET /informes/{id}/compartir
POST /informes/{id}/borrar · POST /informes/{id}/recuperar · GET /informes/{id}/editar · POST /informes/{id}/editar
POST /informes/{id}/vista · GET /informes/{id}/envio · POST /informes/{id}/envio · POST /informes/{id}/envio/parar
POST /informes/{id}/envio/ahora
""",
    manage: """
POST /empresa/perfil · POST /empresa/logo · POST /empresa/logo/quitar
GET /empresas/nueva · POST /empresas/nueva
GET /personas · POST /personas/miembros/{user_id}/rol · POST /personas/miembros/{user_id}/quitar
POST /personas/invitaciones · POST /personas/invitaciones/{id}/reenviar · POST /personas/invitaciones/{id}/anular
""",
    privacy: """
GET /privacidad · GET /privacidad/registro.csv · POST /privacidad/buscar · POST /privacidad/solicitudes
GET /privacidad/{request_id} · POST /privacidad/{request_id}/datos.zip · POST /privacidad/{request_id}/reintentar
GET /cierre · GET /cierre/copias · POST /cierre/copias · GET /cierre/copias/{export_id}.zip · POST /cierre
POST /cierre/cancelar
""",
    audit: """
GET /actividad · GET /actividad.csv
""",
    operate: """
GET /operador · GET /operador/trabajos · POST /operador/trabajos/{company_id}/{job_id}/reintentar
GET /operador/empresas · GET /operador/modelos · GET /operador/preguntas · GET /operador/errores
""",
}
EITHER = """
GET /api/v1/uploads · GET /api/v1/uploads/{upload_id} · GET /api/v1/uploads/{upload_id}/rejected.csv
"""
"""For who may look, and for who may send files."""

OBJECTS = {
    "{upload_id}": "upload",
    "{rule_id}": "rule",
    "{alert_id}": "alert",
    "{user_id}": "member",
    "{exchange}": "exchange",
    "{name}": "mail",
    "{job_id}": "job",
    "{company_id}": "company",
    "{request_id}": "request",
    "{export_id}": "export",
    "/metricas/{metric_id}": "metric",
    "{measure_id}": "measure",
    "/claves/{id}": "key",
    "/cuenta/sesiones/{id}": "session",
    "/informes/{id}": "report",
    "/personas/invitaciones/{id}": "invitation",
}
"""Whose id a path carries."""
NO_OBJECT = {
    "/api/v1/metrics/{metric_id}": "sales",
    "{board}": "dueno",
    "{block}": "b1",
    "{kind}": "pdf",
    "{dataset}": "ventas",
    "{form}": "csv",
}
"""Words of the path that are the same for everybody."""

FORMS: dict[Route, dict[str, str]] = {
    ("POST", "/invitacion/aceptar"): {"t": "nada"},
    ("POST", "/datos/{upload_id}/columnas"): {"col.Fecha": "date"},
    ("POST", "/metricas/medidas/{measure_id}"): {"month": "octubre 2026", "value": "12"},
    ("POST", "/datos/{upload_id}/tipo"): {"kind": "sales"},
    ("POST", "/datos/{upload_id}/deshacer"): {"confirmed": "true"},
    ("POST", "/personas/miembros/{user_id}/rol"): {"role": "viewer"},
    ("POST", "/avisos/alerta/{alert_id}/posponer"): {"days": "1"},
    ("POST", "/informes/{id}/nombre"): {"title": "Otro"},
    ("POST", "/informes/{id}/compartir"): {"con": "nadie"},
    ("POST", "/informes/{id}/envio"): {"cadence": "daily", "hour": "8", "formats": "pdf"},
}
"""What must be sent for a route to get as far as its object."""
JSONS: dict[Route, object] = {("PUT", "/api/v1/uploads/{upload_id}/mapping"): {"mapping": {"Fecha": "date"}}}
FILES: dict[Route, str] = {
    ("POST", "/api/v1/uploads"): "file",
    ("POST", "/datos"): "files",
    ("POST", "/empresa/logo"): "file",
}


def _routes(text: str) -> list[Route]:
    pairs = [line.split() for row in text.split("\n") for line in row.split(" · ") if line]
    return [(method, path) for method, path in pairs]


NEEDED: dict[Route, tuple[Permission, ...]] = {
    **{route: (permission,) for permission, text in NEEDS.items() for route in _routes(text)},
    **dict.fromkeys(_routes(EITHER), (look, upload)),
}


@dataclass(frozen=True)
class House:
    """Two companies: `members` of one, by role, and what the other has."""

    application: FastAPI
    mine: Scope
    members: dict[Role, auth.User]
    theirs: Scope
    objects: dict[str, str]

    def browser(self, role: Role | None) -> TestClient:
        """Somebody of that role at a browser, or nobody; a session of its own, which the next request may end."""
        client = TestClient(self.application, base_url="http://ayni.test", follow_redirects=False)
        if role:
            client.cookies.set(auth.COOKIE, auth.session_token(self.members[role], self.mine.company.slug))
        return client

    def call(self, route: Route, browser: TestClient, objects: bool = False, **how: object) -> int:
        """The status of one request; the path's ids are the other company's, or nobody's."""
        method, path = route
        for word, value in _words(path).items():
            path = path.replace(word, self.objects[value] if objects and value in self.objects else _anything(value))
        if route in FILES:
            how["files"] = {FILES[route]: ("ventas.csv", b"Fecha;Total\n01/10/2026;100\n", "text/csv")}
        elif route in JSONS:
            how["json"] = JSONS[route]
        elif method == "POST":
            how["data"] = FORMS.get(route, {})
        return browser.request(method, path, **how).status_code  # type: ignore[arg-type]


def _words(path: str) -> dict[str, str]:
    """The words in braces of a path, and whose id each is (or '=word'); fails for one that nobody declared."""
    declared = {**OBJECTS, **{where: f"={word}" for where, word in NO_OBJECT.items()}}
    found = {}
    for part in path.split("{")[1:]:
        word = "{" + part.partition("}")[0] + "}"
        upto = path[: path.index(word) + len(word)]
        fitting = [where for where in declared if upto.endswith(where)]
        assert fitting, f"Whose id is {word} in {path}? Say so in OBJECTS or NO_OBJECT."
        found[word] = declared[max(fitting, key=len)]
    return found


def _anything(kind: str) -> str:
    return kind[1:] if kind.startswith("=") else str(uuid4())


@pytest.fixture(scope="module")
def house(database: None, application: FastAPI) -> Iterator[House]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("server.jobs.send", lambda job: None)
        patch.setattr(sys.modules["server.pages.datos"], "STREAM_SECONDS", 0)  # its stream of events ends at once
        name = uuid4().hex[:10]
        mine, theirs = (auth.create_company(f"{kind} {name}", sector="cafeteria") for kind in ("Mía", "Suya"))
        members = {}
        for role in ROLES:
            members[role] = auth.create_user(f"{role}-{name}@example.test", PASSWORD, "Rosa")
            auth.add_member(mine, members[role].email, role)
        neighbour = auth.create_user(f"vecina-{name}@example.test", PASSWORD, "Vecina")
        auth.add_member(theirs, neighbour.email, Role.owner)
        other = auth.scope_for(neighbour.id)
        scope = auth.scope_for(members[Role.owner].id)
        yield House(application, scope, members, other, _things_of(other, neighbour))


def _things_of(scope: Scope, person: auth.User) -> dict[str, str]:
    """One of each kind, in the company of `scope`."""
    ids: dict[str, object] = {"member": person.id}
    with db.tenant(scope) as connection:
        sent = BytesIO(b"Fecha;Producto;Total\n01/10/2026;Pan;1.000\n")
        ids["upload"] = ingest.receive(scope, "ventas.csv", sent, connection).id
        auth.create_key("Caja", ["look"], None, scope, connection)
        ids["key"] = auth.keys(scope, connection)[0].id
        ids["invitation"] = auth.invitations.invite(f"{uuid4().hex}@example.test", "viewer", scope, connection).id
        for kind in ("rule", "alert", "metric", "measure", "report", "exchange", "job", "request", "export"):
            ids[kind] = uuid4()
        ids["company"] = scope.company_id
        company = {"user": scope.user_id, "now": datetime.now(UTC), **ids}
        for statement in THINGS:
            connection.execute(statement, {**company, "empty": Jsonb({}), "spec": Jsonb({"blocks": []})})
    ids["session"] = auth.read_session(auth.session_token(person, scope.company.slug)).id
    ids["mail"] = _landed(person.email)
    return {kind: str(id) for kind, id in ids.items()}


THINGS = (
    "INSERT INTO alert_rules (company_id, id, kind, metric, side, amount, grain, channels, recipient) "
    "VALUES (%(company)s, %(rule)s, 'threshold', 'sales', 'below', 1000, 'day', '{email}', %(user)s)",
    "INSERT INTO alerts (company_id, id, rule_id, fired_at, period_start, period_end, value, wanted, title, body) "
    "VALUES (%(company)s, %(alert)s, %(rule)s, %(now)s, '2026-10-01', '2026-10-01', 1, 2, 'Vendiste poco', '')",
    "INSERT INTO own_metrics (company_id, id, name, folded, formula, unit, good) "
    "VALUES (%(company)s, %(metric)s, 'Venta por boleta', 'venta por boleta', "
    "'metric:sales metric:transactions sign:/', 'money', 'up')",
    "INSERT INTO own_measures (company_id, id, name, folded) "
    "VALUES (%(company)s, %(measure)s, 'Horas de ella', 'horas de ella')",
    "INSERT INTO reports (company_id, id, owner_id, title, spec, shared) "
    "VALUES (%(company)s, %(report)s, %(user)s, 'Mi informe', %(spec)s, true)",
    "INSERT INTO jobs (company_id, id, kind, state) VALUES (%(company)s, %(job)s, 'refresh', 'failed')",
    "INSERT INTO privacy_requests (company_id, id, kind, subject, received_on, due_on) "
    "VALUES (%(company)s, %(request)s, 'access', 'Rosa', '2026-11-01', '2026-12-01')",
    "INSERT INTO exports (company_id, id, state) VALUES (%(company)s, %(export)s, 'ready')",
    "INSERT INTO exchanges (company_id, id, user_id, channel, question, answer, planner) "
    "VALUES (%(company)s, %(exchange)s, %(user)s, 'whatsapp', '¿cuánto vendí?', %(empty)s, 'rules')",
)


def _landed(address: str) -> str:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "ayni@example.test", address, "Tu resumen"
    mail["Message-ID"] = f"<{uuid4()}@example.test>"
    mail.set_content("Hola")
    before = set(email.folder().glob("*.eml"))
    email.deliver(mail, lambda: None)
    return next(iter(set(email.folder().glob("*.eml")) - before)).stem


def _state(scope: Scope) -> dict[str, str]:
    """What every table holds of a company, to see that nothing of it moved."""
    with db.tenant(scope) as connection:
        tables = connection.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'company_id' "
            "WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND has_table_privilege(c.oid, 'select')"
        ).fetchall()
        each = sql.SQL(" UNION ALL ").join(
            sql.SQL(
                "SELECT {}, md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} t WHERE {} = {}"
            ).format(
                sql.Literal(name),
                sql.Identifier(name),
                sql.Identifier("id" if name == "companies" else "company_id"),
                sql.Literal(scope.company_id),
            )
            for name in (*(name for (name,) in tables), "companies")
        )
        return dict(connection.execute(each).fetchall())


def _may(role: Role, route: Route) -> bool:
    return any(permission in PERMISSIONS[role] for permission in NEEDED[route])


def test_every_route_says_what_it_asks_of_its_visitor(application: FastAPI):
    there = {
        (method, str(route.path))
        for route in iter_route_contexts(application.routes)
        for method in set(route.methods or ()) - {"HEAD"}
    }
    told = {*NEEDED, *_routes(OPEN)}
    assert (sorted(there - told), sorted(told - there)) == ([], [])
    assert set(NEEDED).isdisjoint(_routes(OPEN))
    mounted = {str(route.path) for route in iter_route_contexts(application.routes) if not route.methods}
    assert mounted == {"/static", "/chat"}
    for _, path in there - set(_routes(OPEN)):
        _words(path)


@pytest.mark.parametrize("route", sorted(NEEDED), ids=" ".join)
def test_nobody_comes_in_without_signing_in(house: House, route: Route):
    assert house.call(route, house.browser(None)) == 401
    forged = {"authorization": "Bearer ayni_inventada"}
    assert house.call(route, house.browser(None), headers=forged) == 401


@pytest.mark.parametrize("route", sorted(NEEDED), ids=" ".join)
def test_each_role_goes_as_far_as_the_table_says(house: House, route: Route):
    told = {role: house.call(route, house.browser(role)) for role in ROLES}
    for role, status in told.items():
        assert (status == 403) is not _may(role, route), (role, told)


OF_OTHERS = sorted(r for r in NEEDED if any(not kind.startswith("=") for kind in _words(r[1]).values()))


@pytest.mark.parametrize("route", OF_OTHERS, ids=" ".join)
def test_what_another_company_has_is_not_there(house: House, route: Route):
    before = _state(house.theirs)
    for role in ROLES:
        expected = 404 if _may(role, route) else 403
        assert house.call(route, house.browser(role), objects=True) == expected, role
    assert _state(house.theirs) == before


def test_the_other_companys_things_are_there_for_its_own(house: House):
    """Else the tests above would find nothing to hide."""
    browser = TestClient(house.application, base_url="http://ayni.test", follow_redirects=False)
    them = auth.user(house.theirs.user_id or UUID(int=0))
    browser.cookies.set(auth.COOKIE, auth.session_token(them, house.theirs.company.slug))
    for kind, path in (
        ("upload", "/datos/{}"),
        ("upload", "/api/v1/uploads/{}"),
        ("rule", "/avisos/{}"),
        ("mail", "/dev/mails/{}"),
    ):
        assert browser.get(path.format(house.objects[kind])).status_code == 200, kind
    for kind, path in (
        ("alert", "/avisos/alerta/{}/vista"),
        ("metric", "/metricas/{}/borrar"),
        ("measure", "/metricas/medidas/{}/borrar"),
        ("report", "/informes/{}/borrar"),
        ("invitation", "/personas/invitaciones/{}/anular"),
        ("key", "/claves/{}/revocar"),
        ("session", "/cuenta/sesiones/{}/cerrar"),
    ):
        assert browser.post(path.format(house.objects[kind])).status_code in (200, 303), kind


RULE = {"metric": "sales", "side": "below", "amount": "1000", "grain": "day", "channels": "email"}
IN_BODIES = [
    ("GET", "/informes", {"borrado": "report"}),
    ("GET", "/metricas", {"editar": "metric"}),
    ("GET", "/actividad", {"persona": "member"}),
    ("GET", "/datos/eventos", {"carga": "upload"}),
    ("GET", "/datos/eventos", {"espera": "upload"}),
    ("POST", "/empresa", {"slug": "slug"}),
    ("POST", "/metricas", {"id": "metric", "=name": "Otra", "=formula": "ventas / 2"}),
    ("POST", "/avisos/nuevo", {"recipient": "member", **{f"={k}": v for k, v in RULE.items()}}),
    ("POST", "/avisos/nuevo", {"recipient": "me", "second": "member", **{f"={k}": v for k, v in RULE.items()}}),
    ("POST", "/informes/{id}/compartir", {"acceso": "share", "=con": "nadie"}),
    ("POST", "/informes/{id}/envio", {"recipients": "member", "=cadence": "daily", "=hour": "8", "=formats": "pdf"}),
]
"""Ids that come in a form or a query; what begins with = is said as it stands."""
NAMES = ("Vecina", "Suya", "Mi informe", "Venta por boleta", "Vendiste poco")


@pytest.mark.parametrize(("method", "path", "said"), IN_BODIES)
def test_an_id_in_a_form_or_a_query_reaches_no_other_company_either(
    house: House, method: str, path: str, said: dict[str, str]
):
    before = _state(house.theirs)
    me = house.members[Role.owner]
    known = {**house.objects, "slug": house.theirs.company.slug, "me": str(me.id)}
    known["share"] = f"look:{known['member']}"
    sent = {k.removeprefix("="): v if k.startswith("=") else known[v] for k, v in said.items()}
    own = house.browser(Role.owner).post("/informes").headers["location"].split("/")[2].partition("?")[0]
    browser = house.browser(Role.owner)
    answer = browser.request(method, path.replace("{id}", own), **{"params" if method == "GET" else "data": sent})
    if method == "POST":
        assert answer.status_code in (400, 404), answer.status_code
        if "recipient" in sent:  # and it was the stranger that was refused, nothing else
            assert browser.post(path, data={**RULE, "recipient": str(me.id)}).status_code == 303
    assert [word for word in NAMES if word in answer.text] == []
    assert _state(house.theirs) == before


API = sorted(route for route in NEEDED if route[1].startswith("/api/"))


@pytest.mark.parametrize("route", API, ids=" ".join)
def test_a_key_goes_as_far_as_its_scopes(house: House, route: Route, key: Callable[[Permission], str]):
    for scope in SCOPES:
        status = house.call(route, house.browser(None), headers={"authorization": f"Bearer {key(scope)}"})
        assert (status in (401, 403)) is (scope not in NEEDED[route]), (scope, status)


@pytest.mark.parametrize("route", sorted(set(NEEDED) - set(API)), ids=" ".join)
def test_no_key_opens_a_page(house: House, route: Route, key: Callable[[Permission], str]):
    status = house.call(route, house.browser(None), headers={"authorization": f"Bearer {key(look)}"})
    assert status == 401


@pytest.fixture(scope="module")
def key(house: House) -> Callable[[Permission], str]:
    """The owner's API key with that scope alone."""
    made = {}
    with db.tenant(house.mine) as connection:
        for scope in SCOPES:
            made[scope] = auth.create_key("x", [scope], None, house.mine, connection)
    return made.__getitem__
