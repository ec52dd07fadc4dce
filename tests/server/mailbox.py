"""What landed in the folder of mails, by whom it is for."""

import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from urllib.parse import urlsplit

from server.channels import email


def mails_to(address: str) -> list[EmailMessage]:
    """The mails written to `address`, the oldest first."""
    paths = sorted(email.folder().glob("*.eml"), key=lambda p: p.stat().st_mtime_ns)
    mails = [BytesParser(policy=policy.default).parsebytes(p.read_bytes()) for p in paths]
    return [m for m in mails if m["To"] == address]  # type: ignore


def link_for(address: str) -> str:
    """The link of the latest mail to `address`, as a path with its query."""
    body = mails_to(address)[-1].get_body(("plain",))
    assert body is not None
    found = re.search(r"https?://\S+", body.get_content())
    assert found is not None
    parts = urlsplit(found.group())
    return f"{parts.path}?{parts.query}"
