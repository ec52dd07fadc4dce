"""An answer's Markdown (bold, lists, tables, links to our pages) as HTML for a mail, everything else as text. Pure."""

import re
from collections.abc import Iterator
from itertools import groupby

from markupsafe import Markup, escape

TABLE = '<table role="table" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;margin:8px 0">'
TEXT = "margin:8px 0;font-size:15px;line-height:1.5;color:#18251f"
CELL = "padding:5px 8px;font-size:14px;border-bottom:1px solid #e2dbcd;text-align:left"
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")
_LINK = re.compile(r"\[([^\]\[]+)\]\((/(?![/\\])[^\s()]*)\)")


def html_of(text: str, url: str) -> Markup:
    """`text` as HTML with inline styles. Links lead to `url`'s own pages or are not links."""
    blocks = []
    for kind, lines in groupby(text.strip().split("\n"), _kind):
        blocks.append("".join(_block(kind, list(lines), url)))
    return Markup("".join(blocks))  # each piece was escaped below


def plain_of(text: str, url: str) -> str:
    """The same for the plain twin: no marks, addresses written out."""
    return _LINK.sub(rf"\1: {url}\2", text.replace("**", "")).strip()


def _kind(line: str) -> str:
    if not line.strip():
        return "empty"
    if line.lstrip().startswith("|"):
        return "table"
    return "list" if _BULLET.match(line) else "text"


def _block(kind: str, lines: list[str], url: str) -> Iterator[str]:
    match kind:
        case "table":
            yield TABLE
            for number, line in enumerate(one for one in lines if not re.fullmatch(r"[\s|:-]+", one)):
                tag = "th" if number == 0 else "td"
                cells = (_inline(cell.strip(), url) for cell in line.strip().strip("|").split("|"))
                yield "<tr>" + "".join(f'<{tag} style="{CELL}" class="tinta raya">{c}</{tag}>' for c in cells) + "</tr>"
            yield "</table>"
        case "list":
            tag = "ol" if lines[0].lstrip()[:1].isdigit() else "ul"
            yield f'<{tag} class="tinta" style="padding-left:22px;{TEXT}">'
            yield from (f"<li>{_inline(_BULLET.sub('', line), url)}</li>" for line in lines)
            yield f"</{tag}>"
        case "text":
            yield f'<p class="tinta" style="{TEXT}">{"<br>".join(_inline(line, url) for line in lines)}</p>'


def _inline(text: str, url: str) -> str:
    said = _LINK.sub(lambda m: f'<a href="{url}{m[2]}">{m[1]}</a>', str(escape(text)))
    said = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", said)
    return re.sub(r"(?<=\d) %", "\N{NO-BREAK SPACE}%", said)
