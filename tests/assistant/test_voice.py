"""The same texts for vos: every template of ours, and nothing that only looks like a verb."""

import ast
import re
from pathlib import Path

import pytest

from assistant.voice import localised

HOME = Path(__file__).resolve().parents[2]
SPOKEN = (
    "assistant/tools", "assistant/answers", "assistant/refusals.py", "assistant/horizon.py", "assistant/doubt.py",
    "features/insights", "features/macro", "features/benchmarks", "server/digest", "server/replies.py",
)  # fmt: skip
# What of tú must not be left, said by hand and not by the rules.
OF_TU = re.compile(
    r"\b(?:puedes|tienes|quieres|necesitas|subes|vendes|vuelves|recuperas|llevas|eres|contigo|tú|existes|escribes|sabes"
    r"|haces|dices|pones|pides|sigues|eliges|pregúntame|escríbeme|muéstrame|dime|avísame|súbel\w+|ponl\w+|llámal\w+"
    r"|pídel\w+|elígel\w+|ábrel\w+|hazlo|dilo)\b"
    r"|\b(?:Revisa|Mira|Elige|Usa|Quita|Prueba|Cambia|Pide|Define|Escribe|Reserva|Responde|Pregunta|Ten|Pon|Haz|Entra)\b",
)


@pytest.mark.parametrize(
    ("tu", "vos"),
    [
        ("¿Qué quieres saber? Puedes subir tus ventas.", "¿Qué querés saber? Podés subir tus ventas."),
        ("Revisa la partida y cuenta las cajas.", "Revisá la partida y contá las cajas."),
        ("Llámalo: si recuperas la mitad, son $11 mil.", "Llamalo: si recuperás la mitad, son $11 mil."),
        ("Elígelo, pídeselo, dímelo, ponlo y síguelo.", "Elegilo, pedíselo, decímelo, ponelo y seguilo."),
        ("Súbelas, envíalo, corrígelo y guárdala.", "Subilas, envialo, corregilo y guardala."),
        ("Muéstrales y recuérdales qué hay.", "Mostrales y recordales qué hay."),
        ("Ten ahí el equipo completo.", "Tené ahí el equipo completo."),
        ("Eres tú; te respondo al tiro, para ti.", "Sos vos; te respondo enseguida, para vos."),
        ("Si compras más, pregúntame.", "Si comprás más, preguntame."),
        ("Se vendió igual; confirma que la rebaja es la que querías.",
         "Se vendió igual; confirmá que la rebaja es la que querías."),
        ("Qué hacer: Mira si faltó en vitrina.", "Qué hacer: Mirá si faltó en vitrina."),
    ],
)  # fmt: skip
def test_a_verb_is_conjugated_by_its_rule(tu: str, vos: str) -> None:
    assert localised(tu, "es-AR") == vos
    assert localised(vos, "es-AR") == vos
    assert localised(tu, "es-CL") == tu


@pytest.mark.parametrize(
    "said",
    [
        "El precio sube y baja; la venta cuenta y el cliente pregunta.",
        "Baja el margen. Espera otro intento. Queda un día.",
        "Tus compras, tus preguntas, tus cuentas y tus notas.",
        '<a href="/fuentes?metric=sales&product=Puedes&start=2026-10-01">$1</a>',
        "Las ventas del lunes son más que las de antes.",
    ],
)
def test_what_is_no_verb_of_yours_stays(said: str) -> None:
    assert localised(said, "es-AR") == said


def test_no_template_of_ours_is_left_with_tu() -> None:
    texts = {text for place in SPOKEN for text in templates(HOME / place)}
    assert len(texts) > 300
    left = {text: found[0] for text in texts if (found := OF_TU.findall(localised(text, "es-AR")))}
    assert not left
    assert sum(localised(text, "es-AR") != text for text in texts) > 30
    for text in texts:
        once = localised(text, "es-AR")
        assert localised(once, "es-AR") == once


def templates(place: Path) -> set[str]:
    """The sentences in a module's code, without its docstrings, patterns and SQL."""
    found: set[str] = set()
    for path in [place] if place.is_file() else place.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            body = getattr(node, "body", None)
            first = body[0] if isinstance(body, list) and body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                first.value.value = ""
            said = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            if " " in said and not re.search(r"\\b|\(\?|SELECT |FROM ", said):
                found.add(said)
    return found
