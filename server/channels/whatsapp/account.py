"""The number that answers, as the operator set it: all of it, or no WhatsApp at all."""

from dataclasses import dataclass, field

from core.settings import settings


@dataclass(frozen=True, slots=True)
class Account:
    """What Meta's Cloud API knows the number by. `number` is its digits, for the link that opens the chat."""

    phone_id: str
    number: str
    graph_url: str
    token: str = field(repr=False)
    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)


def account() -> Account | None:
    """The account, or None where there is no WhatsApp. RuntimeError where it is half set: without the app secret
    anybody could write in any phone's name, so the start is refused."""
    said = settings()
    parts = {
        "AYNI_WHATSAPP_PHONE_ID": said.whatsapp_phone_id.strip(),
        "AYNI_WHATSAPP_NUMBER": "".join(c for c in said.whatsapp_number if c.isdigit()),
        "AYNI_WHATSAPP_TOKEN": said.whatsapp_token.get_secret_value().strip(),
        "AYNI_WHATSAPP_APP_SECRET": said.whatsapp_app_secret.get_secret_value().strip(),
        "AYNI_WHATSAPP_VERIFY_TOKEN": said.whatsapp_verify_token.get_secret_value().strip(),
    }
    if not any(parts.values()):
        return None
    missing = [name for name, value in parts.items() if not value]
    if missing:
        raise RuntimeError(f"WhatsApp is half set: {', '.join(missing)} must be set too (docs/whatsapp.md)")
    phone_id, number, token, app_secret, verify_token = parts.values()
    return Account(phone_id, number, said.whatsapp_graph_url.rstrip("/"), token, app_secret, verify_token)


def required() -> Account:
    """The account, for who only runs where there is one."""
    found = account()
    if found is None:
        raise RuntimeError("WhatsApp is not set (docs/whatsapp.md)")
    return found
