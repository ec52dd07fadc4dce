"""A number of ours at a local Graph API, and phones that write to it as Meta would tell us."""

import hmac
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi.testclient import TestClient

import features
from core import db
from core.settings import settings
from core.tenancy import Scope
from server.channels.whatsapp import deliver, links
from tests.server.graph import PHONE_ID, TOKEN, Graph, running

SECRET, VERIFY = "app-secret-of-the-tests", "verify-word"
NUMBER = "56 9 1111 2222"


@pytest.fixture
def graph(monkeypatch: pytest.MonkeyPatch) -> Iterator[Graph]:
    """The local Graph API, and an account of ours there."""
    with running() as server:
        for name, value in {
            "PHONE_ID": PHONE_ID, "NUMBER": NUMBER, "TOKEN": TOKEN, "APP_SECRET": SECRET, "VERIFY_TOKEN": VERIFY,
            "GRAPH_URL": server.url,
        }.items():  # fmt: skip
            monkeypatch.setenv(f"AYNI_WHATSAPP_{name}", value)
        settings.cache_clear()
        yield server
    monkeypatch.undo()
    settings.cache_clear()


@dataclass
class Phone:
    """Somebody's WhatsApp. What it sends arrives signed at the webhook; `works` has the worker's part done."""

    browser: TestClient
    number: str = field(default_factory=lambda: f"569{uuid4().int % 10**8:08}")
    works: bool = True
    _count: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def says(self, text: str, **how: Any) -> str:
        return self.sends({"type": "text", "text": {"body": text}}, **how)

    def presses(self, button: tuple[str, str], under: str = "", **how: Any) -> str:
        """A reply button of the message with the wamid `under`."""
        title, id = button
        reply = {"type": "button_reply", "button_reply": {"id": id, "title": title}}
        context = {"context": {"from": "56911112222", "id": under}} if under else {}
        return self.sends({"type": "interactive", "interactive": reply, **context}, **how)

    def sends(self, content: dict[str, Any], ago: timedelta = timedelta(0), **envelope: Any) -> str:
        """One message; its wamid."""
        message = self.message(content, ago)
        response = post(self.browser, delivery([message], **envelope))
        assert response.status_code == 200, response.text
        if self.works:
            deliver.work(self.number)
        return str(message["id"])

    def message(self, content: dict[str, Any], ago: timedelta = timedelta(0)) -> dict[str, Any]:
        at = int((datetime.now(UTC) - ago).timestamp())
        return {"from": self.number, "id": f"wamid.{self.number}.{next(self._count)}", "timestamp": str(at), **content}

    def linked_to(self, scope: Scope, opt_in: bool = False) -> "Phone":
        self.says(f"Conectar {links.make_code(scope, opt_in)}")
        return self


def delivery(
    messages: list[dict[str, Any]], statuses: list[dict[str, Any]] | None = None, contacts: bool = True
) -> dict[str, Any]:
    """A webhook's payload as Meta documents it."""
    value: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "56911112222", "phone_number_id": PHONE_ID},
    }
    if messages:
        value["messages"] = messages
        if contacts:
            people = dict.fromkeys(m.get("from", "") for m in messages)
            value["contacts"] = [{"profile": {"name": "Rosa"}, "wa_id": who} for who in people]
    if statuses:
        value["statuses"] = statuses
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
    }


def signature(body: bytes, secret: str = SECRET) -> str:
    return f"sha256={hmac.new(secret.encode(), body, sha256).hexdigest()}"


def post(browser: TestClient, payload: Any, body: bytes | None = None, secret: str = SECRET) -> httpx.Response:
    raw = json.dumps(payload).encode() if body is None else body
    headers = {"X-Hub-Signature-256": signature(raw, secret), "Content-Type": "application/json"}
    return browser.post("/whatsapp/webhook", content=raw, headers=headers)


@pytest.fixture
def nudges(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Phones that a worker would have been told of."""
    from server.channels.whatsapp import router

    told: list[str] = []
    monkeypatch.setattr(router, "_nudge", told.append)
    return told


@pytest.fixture
def phone(graph: Graph, nudges: list[str], no_queue: list[object], browser: TestClient) -> Callable[[], Phone]:
    """Makes phones nobody knows yet."""
    return lambda: Phone(browser)


def give_sales(scope: Scope, total: int = 5000, until: date | None = None, name: str = "Pan amasado") -> None:
    """Three months of one sale a day, each of `total` pesos, and their figures."""
    last = until or date(2026, 10, 31)
    upload = uuid4()
    with db.tenant(scope) as connection:
        connection.execute(
            "INSERT INTO uploads (company_id, id, filename, sha256, size_bytes, state) VALUES (%s, %s, 'v.csv', %s, 1, "
            "'ready')",
            [scope.company_id, upload, upload.bytes],
        )
        product = connection.execute(
            "INSERT INTO dim_products (company_id, key, name) VALUES (%s, %s, %s) RETURNING id",
            [scope.company_id, name.lower(), name],
        ).fetchone()
        assert product is not None
        for day in range(92):
            connection.execute(
                "INSERT INTO fact_sales (company_id, line_key, sold_on, kind, order_ref, product_id, quantity, total, "
                "currency, upload_id, source_line) VALUES (%s, %s, %s, 'sale', %s, %s, 1, %s, 'CLP', %s, %s)",
                [scope.company_id, uuid4(), last - timedelta(days=day), str(day), product[0], total, upload, day + 1],
            )
        features.refresh(scope, connection)
