"""The plain-text twin: the same figures, for clients and people who read no HTML. Pure."""

import textwrap

from core.periods import label
from server.digest.charts import bars_of_text
from server.digest.types import Digest

WIDTH = 76


def plain(digest: Digest, url: str, leave: str) -> str:
    """The summary in lines of at most `WIDTH`, addresses on lines of their own."""
    lines = [digest.company.name.upper(), "", *_wrapped(digest.lead)]
    if digest.note:
        lines += _wrapped(digest.note)
    if digest.kpis:
        lines += ["", "TUS CIFRAS"]
    for kpi in digest.kpis:
        name = kpi.fact.label.partition(",")[0].capitalize()
        lines.append(f"- {name}: {kpi.fact.shown}  {bars_of_text(kpi.course)}".rstrip())
        lines += [f"    {v.shown} {v.than} ({v.fact.shown})" for v in kpi.versus]
    if digest.stories:
        lines += ["", "LO QUE IMPORTA"]
    for number, story in enumerate(digest.stories, start=1):
        lines += [
            *_wrapped(f"{number}. {story.title}. ({label(story.period)})", 0, 3),
            *_wrapped(story.why, 3),
            *_wrapped(f"Qué hacer: {story.todo}", 3),
        ]
        lines += [line for f in story.facts for line in (f"   · {f.label}: {f.shown}", f"     {url}{f.href}")]
    for title, said in _parts(digest):
        lines += ["", title, *(line for one in said for line in _wrapped(f"- {one}", 0, 2))]
    if digest.kind == "stale":
        lines += ["", f"Subir mis ventas: {url}/datos"]
    else:
        lines += ["", f"Pregunta lo que quieras: {url}/chat"]
    facts = [f for f in digest.cited if f not in {s for story in digest.stories for s in story.facts}]
    if facts:
        lines += ["", "DE DÓNDE SALE CADA CIFRA"]
        lines += [line for f in facts for line in (f"- {f.label}: {f.shown}", f"  {url}{f.href}")]
    lines += ["", "--", f"Cambiar cada cuánto llega: {url}/resumen", f"No recibirlo más: {leave}", ""]
    return "\n".join(lines)


def _parts(digest: Digest) -> list[tuple[str, tuple[str, ...]]]:
    peers = (digest.peers_note, *digest.peers) if digest.peers else ()
    every = [("FRENTE A OTROS COMO TÚ", peers), ("VIENTOS", digest.winds), ("OJO CON", digest.watch)]
    return [(title, said) for title, said in every if said]


def _wrapped(text: str, indent: int = 0, more: int | None = None) -> list[str]:
    later = indent if more is None else more
    return textwrap.wrap(text, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * later) or [""]
