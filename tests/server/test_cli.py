"""The `ayni` command: does what it says and ends with 0, or says in Spanish why not and ends with 1."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from typer.testing import CliRunner, Result

from server.cli import app
from tests.server.conftest import SALES


def ayni(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def company(database: None) -> str:
    slug = f"cli-{uuid4().hex[:8]}"
    assert ayni("company", "create", "Café Austral", "--slug", slug, "--sector", "cafeteria").exit_code == 0
    return slug


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    path = tmp_path / "ventas.csv"
    path.write_text(SALES)
    return path


def test_from_nothing_to_an_answer(company: str, sales: Path):
    told = ayni("ingest", sales, "--company", company)
    assert told.exit_code == 0
    assert "3 líneas aceptadas, 1 apartadas" in told.output
    assert "del 1-oct-2026 al 3-oct-2026" in told.output
    again = json.loads(ayni("ingest", sales, "--company", company, "--json").output)
    assert (again["state"], again["accepted"]) == ("ready", 3)
    answer = ayni("ask", "--company", company, "--as-of", "2026-11-10", "--json", "¿cuánto vendí en octubre?")
    assert json.loads(answer.output)["figures"][0]["value"] == 18390
    assert "$18.390" in ayni("ask", "-c", company, "--as-of", "2026-11-10", "¿cuánto vendí en octubre?").output


def test_a_batch_keeps_its_order_and_goes_on_after_a_bad_line(company: str, sales: Path, tmp_path: Path):
    ayni("ingest", sales, "--company", company)
    lines = [
        {"id": "a", "question": "¿cuánto vendí en octubre?", "as_of": "2026-11-10"},
        "no es json",
        {"id": 7},
        {"id": "b", "question": "¿cuántas transacciones tuve en octubre?", "as_of": "2026-11-10", "conversation": "x"},
    ]
    path = tmp_path / "preguntas.jsonl"
    path.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines) + "\n\n")
    done = ayni("ask", "--company", company, "--batch", path)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [a["id"] for a in answers] == ["a", None, 7, "b"]
    assert [a["figures"][0]["value"] for a in (answers[0], answers[3])] == [18390, 3]
    assert [a["error"]["code"] for a in answers[1:3]] == ["line", "line"]
    assert done.exit_code == 1
    path.write_text(json.dumps(lines[0]))
    assert ayni("ask", "--company", company, "--batch", path).exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("ask", "--company", "no-hay-tal", "hola"),
        ("ingest", "/no/existe.csv", "--company", "no-hay-tal"),
        ("company", "create", "Otra", "--country", "ZZ"),
        ("users", "password", "nadie@example.test"),
    ],
)
def test_a_failure_is_told_in_spanish_or_as_json(database: None, words: tuple[str, ...]):
    told = ayni(*words)
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr.startswith("Error: ")
    assert json.loads(ayni(*words, "--json").stderr)["error"]["message"]


def test_a_file_that_cannot_be_used_ends_with_1(company: str, tmp_path: Path):
    path = tmp_path / "notas.csv"
    path.write_text("hola\nque tal\n")
    told = ayni("ingest", path, "--company", company)
    assert told.exit_code == 1
    assert "notas.csv:" in told.output


def test_accounts_and_tokens(company: str):
    email = f"{uuid4().hex[:8]}@example.test"
    made = json.loads(ayni("users", "create", email, "--company", company, "--role", "analyst", "--json").stdout)
    assert len(made["password"]) >= 12
    listed = json.loads(ayni("users", "list", "--company", company, "--json").stdout)
    assert listed == [{"email": email, "name": "", "company": company, "role": "analyst"}]
    assert ayni("tokens", "create", "--company", company, "--email", email).stdout.startswith("ayni_")
    assert [t["email"] for t in json.loads(ayni("tokens", "list", "--company", company, "--json").stdout)] == [email]
    assert ayni("tokens", "revoke", "--company", company, "--email", email).exit_code == 0
    assert json.loads(ayni("tokens", "list", "--company", company, "--json").stdout) == []
    assert ayni("tokens", "revoke", "--company", company, "--email", email).exit_code == 1
    assert ayni("users", "password", email, "--password", "otra clave más").exit_code == 0
    assert ayni("users", "create", email, "--company", company, "--role", "jefa").exit_code == 1
    assert company in [c["slug"] for c in json.loads(ayni("companies", "--json").stdout)]


def test_help_needs_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AYNI_DATABASE_URL", "postgresql://nowhere.invalid/x")
    told = ayni("--help")
    assert told.exit_code == 0
    assert "ayni up" in told.output
