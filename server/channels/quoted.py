"""The new words of a reply: what a mail program quoted below (or above) them and the signature taken away. Pure."""

import re
from collections import Counter
from html.parser import HTMLParser

# 'El lun, 2 nov 2026 a las 8:00, Ayni <…> escribió:', also broken over lines; the same in English and Portuguese.
_WROTE = re.compile(
    r"^[ \t>]*(?:El|On|Em)\b[^\n]{0,200}(?:\n[^\n]{0,200}){0,3}?\b(?:escribi[óo]|wrote|escreveu)[^\n:]{0,60}:[ \t]*$",
    re.M,
)
# Outlook's: a rule or 'Mensaje original', or at least two header lines.
_ORIGINAL = re.compile(
    r"^[ \t]*(?:-{3,} ?(?:Mensaje (?:original|reenviado)|Original Message|Forwarded message|Mensagem original) ?-{3,}"
    r"|_{20,}[ \t]*$)",
    re.M | re.I,
)
_HEADERS = re.compile(
    r"^[ \t]*\*?(?:De|From)\*?:[^\n]*\n(?:[^\n]*\n){0,2}?[ \t]*\*?(?:Enviado(?: el)?|Sent|Fecha|Date|Enviada em)\*?:",
    re.M,
)
_SIGNATURE = re.compile(r"^-- ?$", re.M)
_SENT_FROM = re.compile(
    r"^[ \t]*(?:Enviado desde (?:mi|el)\b|Sent from my\b|Obtener Outlook para\b|Get Outlook for\b).*$", re.M
)
_BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3"})
_SILENT = frozenset({"style", "script", "head", "title"})
_QUOTES = ("gmail_quote", "gmail_attr", "yahoo_quoted", "moz-cite-prefix", "divRplyFwdMsg", "appendonsend")


def new_words(text: str) -> str:
    """What the writer of a reply added, '' where that is nothing."""
    text = text.replace("\r\n", "\n").replace("\N{NO-BREAK SPACE}", " ")
    ends = [found.start() for form in (_WROTE, _ORIGINAL, _HEADERS, _SIGNATURE) if (found := form.search(text))]
    above = text[: min(ends, default=len(text))]
    said = _without_quotes(above)
    if not said and ends:  # who answers below the quotation has their words after its last line
        said = _without_quotes(text[min(ends) :].partition("\n")[2]) if _WROTE.search(text) else ""
    return re.sub(r"\n{3,}", "\n\n", _SENT_FROM.sub("", said)).strip()


def _without_quotes(text: str) -> str:
    lines = [line for line in text.split("\n") if not line.lstrip().startswith(">")]
    return _SIGNATURE.split("\n".join(lines))[0].strip()


class _Words(HTMLParser):
    """The text of an HTML mail, without what its program marked as quoted."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._within: list[str] = []
        self._open: Counter[str] = Counter()
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self.said.append("\n")
        if tag in ("br", "img", "meta", "hr", "link", "input"):
            return
        marked = " ".join(value or "" for name, value in attrs if name in ("class", "id"))
        quoted = tag == "blockquote" or tag in _SILENT or any(mark in marked for mark in _QUOTES)
        self._within.append(tag)
        self._open[tag] += 1
        if quoted and not self._silent:
            self._silent = len(self._within)

    def handle_endtag(self, tag: str) -> None:
        if not self._open[tag]:
            return
        while self._within:
            if len(self._within) == self._silent:
                self._silent = 0
            closed = self._within.pop()
            self._open[closed] -= 1
            if closed == tag:
                break

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(" ".join(data.split()) if data.strip() else " ")


def words_of_html(html: str) -> str:
    """The text of an HTML mail, a line a paragraph, without its quotations."""
    parser = _Words()
    parser.feed(html)
    lines = (" ".join(line.split()) for line in " ".join(parser.said).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
