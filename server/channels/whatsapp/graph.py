"""Meta's Graph API through pywa: sending, pictures up, documents down, and what its errors mean for a second try."""

import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from pywa.client import WhatsApp
from pywa.errors import WhatsAppError
from pywa.types.callback import Button, Section, SectionList, SectionRow
from pywa.types.templates import TemplateLanguage

from core.errors import BadInput, TooLarge
from core.settings import settings
from server.channels.whatsapp.account import Account
from server.channels.whatsapp.reply import Reply, Template

TOO_LATE = 131047
"""More than a day since the phone wrote: only a template may go."""
AGAIN = {1, 2, 4, 80007, 130429, 131000, 131016, 131048, 131056, 133004}
"""Too fast, or a trouble of Meta's own: the same message may go later."""
MEDIA_HOSTS = (".fbsbx.com", ".facebook.com", ".whatsapp.net", ".whatsapp.com")
TIMEOUT = httpx.Timeout(20, connect=5)


class NotSent(Exception):
    """Nothing reached the phone. `code`: Meta's, or the HTTP status; `again`: it may later."""

    def __init__(self, code: int, message: str, again: bool) -> None:
        super().__init__(f"{code}: {message}"[:300])
        self.code = code
        self.again = again


class Unknown(Exception):
    """The call broke off where nobody can tell whether the message went."""


def send(
    reply: Reply | Template,
    to: str,
    picture: bytes | None,
    tracker: str,
    account: Account,
    before: Callable[[], None],
) -> str:
    """Send one message; its wamid. `tracker` comes back in every status of it. `before` is called when all that can
    fail beforehand has been done (the picture lies at Meta): what it raises stops the sending. NotSent, Unknown."""
    client = _client(account, os.getpid())
    try:
        media = client.upload_media(picture, "image/png", "grafico.png") if picture else None
    except WhatsAppError as problem:
        raise _not_sent(problem) from problem
    except (httpx.HTTPError, KeyError, TypeError, AttributeError, ValueError) as problem:
        raise NotSent(0, f"the picture: {problem!r}", again=True) from problem
    before()
    try:
        if isinstance(reply, Template):
            values = [{"type": "text", "text": value} for value in reply.values]
            body = {"type": "body", "parameters": values}
            return client.send_template(to, reply.name, TemplateLanguage(reply.language), [body], tracker=tracker).id
        buttons = _buttons(reply)
        if media is not None:
            sent = client.send_image(to, media, caption=reply.text, buttons=buttons, tracker=tracker)  # type: ignore[arg-type]
            return sent.id
        return client.send_message(to, reply.text, buttons=buttons, tracker=tracker).id
    except WhatsAppError as problem:
        if problem.status_code == 504:  # a gateway gave up waiting: behind it the message may have gone
            raise Unknown(repr(problem)[:300]) from problem
        raise _not_sent(problem) from problem
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as problem:
        raise NotSent(0, repr(problem), again=True) from problem
    except (httpx.HTTPError, KeyError, TypeError, AttributeError, ValueError, IndexError) as problem:
        # Meta may have taken it: pywa reads the answer only after that, and stumbles over one it does not know.
        raise Unknown(repr(problem)[:300]) from problem


def fetch(media_id: str, into: Path, account: Account) -> int:
    """Bring a document's bytes into a file; how many. TooLarge, BadInput (gone, or not Meta's), NotSent (try later)."""
    client, most = _client(account, os.getpid()), settings().max_upload_mb * 1_000_000
    try:
        found = client.get_media_url(media_id)
        if (found.file_size or 0) > most:
            raise _too_large()
        _refuse_strangers(found.url, account)
        size = 0
        with into.open("wb") as file:
            for block in client.stream_media(found.url):
                size += len(block)
                if size > most:
                    raise _too_large()
                file.write(block)
        return size
    except WhatsAppError as problem:
        failure = _not_sent(problem)
        if failure.again:
            raise failure from problem
        raise _gone() from problem
    except httpx.HTTPStatusError as problem:
        if problem.response.status_code >= 500 or problem.response.status_code == 429:
            raise NotSent(problem.response.status_code, "the document", again=True) from problem
        raise _gone() from problem
    except (httpx.HTTPError, KeyError, TypeError, AttributeError, ValueError) as problem:
        raise NotSent(0, f"the document: {problem!r}", again=True) from problem


def _not_sent(problem: WhatsAppError) -> NotSent:
    """Pure: what an answer of Meta's means."""
    status = problem.status_code or 0
    again = problem.code in AGAIN or status >= 500 or status == 429 or bool(problem.is_transient)
    return NotSent(problem.code, problem.details or problem.message, again and problem.code != TOO_LATE)


def _buttons(reply: Reply) -> list[Button] | SectionList | None:
    if reply.options:
        rows = [SectionRow(o.title, o.id, o.more or None) for o in reply.options]
        return SectionList("Elegir", [Section("Tus negocios", rows)])
    return [Button(b.title, b.id) for b in reply.buttons] or None


@lru_cache(maxsize=4)
def _client(account: Account, process: int) -> WhatsApp:
    """One a process: a connection must not be shared by the children of a fork."""
    # Each hop is looked at: pywa follows redirects, and where the first address was Meta's the next one may not be.
    session = httpx.Client(
        timeout=TIMEOUT, event_hooks={"request": [lambda request: _refuse_strangers(str(request.url), account)]}
    )
    # No app secret and no server: pywa only sends here. Its receiving side is not used (decision 16).
    client = WhatsApp(account.phone_id, account.token, session=session)
    session.base_url = httpx.URL(account.graph_url)  # pywa writes Meta's own there
    return client


def _refuse_strangers(url: str, account: Account) -> None:
    """The token goes along with the download: to Meta alone."""
    parts, own = urlsplit(url), urlsplit(account.graph_url)
    metas = parts.scheme == "https" and (parts.hostname or "").endswith(MEDIA_HOSTS)
    if not metas and (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
        raise _gone()


def _gone() -> BadInput:
    return BadInput("media_gone", "No pude bajar ese archivo de WhatsApp.", "Envíalo de nuevo.")


def _too_large() -> TooLarge:
    return TooLarge(
        "file_too_large",
        f"El archivo pesa más de {settings().max_upload_mb} MB.",
        "Expórtalo por partes, por ejemplo un año por archivo, y mándalas una a una.",
    )
