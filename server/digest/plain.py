"""The plain-text twin: the same figures, for clients and people who read no HTML. Pure."""

import textwrap

from core.periods import label
from server.digest.charts import bars_of_text
from server.digest.types import Digest

WIDTH = 76


def plain(digest: Digest, url: str, leave: str, answers: bool = False) -> str:
    """The summary in lines of at most `WIDTH`, addresses on lines of their own."""
    lines = [f"{digest.company.name.upper()} · {digest.titled}", "", *_wrapped(digest.lead)]
    if digest.note:
        lines += _wrapped(digest.note)
    if digest.kpis:
        lines += ["", "TUS CIFRAS"]
    for kpi in digest.kpis:
        name = kpi.fact.label.partition(",")[0].capitalize()
        lines.append(f"- {name}: {kpi.fact.shown}  {bars_of_text(kpi.course)}".rstrip())
        lines += [f"    {v.shown} {v.than} ({v.fact.shown})" for v in kpi.versus]
    for sheet in digest.sheets:
        lines += ["", sheet.title.upper()]
        for name, cells in sheet.rows:
            said = [
                f"{head} {c.shown}" if head.startswith("vs.") else c.shown
                for head, c in zip(sheet.head[1:], cells, strict=True)
            ]
            lines += _wrapped(f"- {name}: {', '.join(said)}", 0, 4)
    if digest.stories:
        lines += ["", "LO QUE IMPORTA"]
    for number, story in enumerate(digest.stories, start=1):
        lines += [
            *_wrapped(f"{number}. {story.title}. ({label(story.period)})", 0, 3),
            *_wrapped(story.why, 3),
            *_wrapped(f"Qué hacer: {story.todo}", 3),
        ]
        lines += [line for f in story.facts for line in (f"   · {f.label}: {f.shown}", f"     {url}{f.href}")]
        lines += _wrapped(f"Para preguntar: «{story.ask}»", 3)
    for title, items in _parts(digest):
        lines += ["", title, *(_wrapped(digest.peers_note) if items is digest.peers else ())]
        lines += [line for one in items for line in _wrapped(f"- {one}", 0, 2)]
    if digest.kind == "stale":
        lines += ["", f"Subir mis ventas: {url}/datos"]
    else:
        lines += ["", *_wrapped("Responde este correo con tu pregunta: te contesto por aquí mismo.")] if answers else []
        lines += ["", f"Pregunta lo que quieras: {url}/chat"]
    facts = [f for f in digest.listed if f not in {s for story in digest.stories for s in story.facts}]
    if facts:
        lines += ["", "DE DÓNDE SALE CADA CIFRA"]
        lines += [line for f in facts for line in (f"- {f.label}: {f.shown}", f"  {url}{f.href}")]
    lines += ["", "--", f"Cambiar qué llega y cada cuánto: {url}/resumen", f"No recibirlo más: {leave}", ""]
    return "\n".join(lines)


def _parts(digest: Digest) -> list[tuple[str, tuple[str, ...]]]:
    every = [("FRENTE A OTROS COMO TÚ", digest.peers), ("VIENTOS", digest.winds), ("OJO CON", digest.watch)]
    return [(title, said) for title, said in every if said]


def _wrapped(text: str, indent: int = 0, more: int | None = None) -> list[str]:
    later = indent if more is None else more
    return textwrap.wrap(text, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * later) or [""]
