"""The summary on a phone: its figure first, the titles of what matters, the first chart, what could be asked. Pure."""

from assistant.voice import localised
from server.channels.whatsapp import Button, Notice, Reply, template
from server.digest.types import Digest

MOST_TITLE = 110
BUTTONS = ("¿Por qué?", "¿Y lo segundo?", "¿Y lo tercero?")


def notice(digest: Digest, url: str) -> Notice:
    """One message, under its own key; as the approved template outside the day."""
    locale, company = digest.company.locale, digest.company
    lines = [f"*{digest.subject}*", digest.lead]
    lines += [f"{n}. {_short(s.title)}." for n, s in enumerate(digest.stories, start=1)]
    where = "/datos" if digest.kind == "stale" else f"/resumen/correo?edicion={digest.edition.id}"
    lines.append(f"{'Subir mis ventas' if digest.kind == 'stale' else 'Entero'}: {url}{where}")
    buttons = tuple(
        Button(title, f"q:{story.ask}"[:256]) for title, story in zip(BUTTONS, digest.stories, strict=False)
    )
    chart = digest.stories[0].chart if digest.stories else None
    told = Reply(localised("\n\n".join(lines), locale)[:1000], buttons, chart=chart)
    return Notice(f"digest-{digest.key}", told, template("resumen_listo", company.name, digest.subject))


def _short(title: str) -> str:
    return title if len(title) <= MOST_TITLE else f"{title[: MOST_TITLE - 1].rpartition(' ')[0]}…"
