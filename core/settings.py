"""Settings, all from `AYNI_*` environment variables or `.env`; every default works on a fresh machine."""

import secrets
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

LEAST_SECRET = 32
"""Characters; all sessions are signed with what is derived from it, so it must not be guessed."""


class Settings(BaseSettings):
    """What the operator may set. Outside development, secrets have no default and starting without them fails."""

    model_config = SettingsConfigDict(env_prefix="AYNI_", env_file=".env", extra="ignore")

    env: Literal["development", "production"] = "development"
    data_dir: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    secret_key: SecretStr | None = None

    database_url: str = ""
    """The database's owner, used to migrate and to derive the runtime role's address. Empty: embedded Postgres."""
    app_database_url: str = ""
    """The runtime role's own address, where it can't be derived from `database_url`."""
    pool_size: int = 10
    broker_url: str = ""
    """Celery's broker, Redis in production. Empty: a folder under `data_dir`."""

    embeddings: str = "light"
    llm_base_url: str = ""
    llm_model: str = ""
    llm_api_key: SecretStr | None = None
    llm_timeout_seconds: float = 20.0
    llm_monthly_tokens: int = 2_000_000
    """Tokens one company may use in a calendar month; after that the rules answer alone."""
    llm_price_in: float = 0.0
    llm_price_out: float = 0.0
    """US dollars a million tokens, to record what an answer cost."""

    bcch_user: str = ""
    bcch_password: SecretStr | None = None
    """An account at the Banco Central de Chile's statistics API, for the series that only it has."""

    smtp_url: SecretStr = SecretStr("")
    """The mail server: smtp://user:password@host:port?tls=starttls. Empty: mails land in `data_dir`/mails, in
    development only."""
    mail_from: str = ""
    """Who writes: 'Ayni <resumen@example.com>'."""
    mail_reply_to: str = ""
    """Where an owner's reply goes, if not to `mail_from` and not to the assistant."""
    mail_inbound_domain: str = ""
    """The domain whose mail comes in at /api/v1/mail/inbound: with it, replies reach the assistant and bounces are
    noted. Empty: neither."""
    mail_inbound_secret: SecretStr | None = None
    """Signs what the mail server posts there; without it nothing is taken."""
    mail_authserv: str = ""
    """The id that the receiving mail server writes in its `Authentication-Results`: what it found of a sender is
    believed. Empty: questions are answered, and by mail nothing is changed."""

    whatsapp_phone_id: str = ""
    """Meta's id of the number that answers on WhatsApp. Empty: no WhatsApp; set: all four below must be."""
    whatsapp_number: str = ""
    """That number as people dial it, for the link that opens the chat: '+56 9 1234 5678'."""
    whatsapp_token: SecretStr = SecretStr("")
    whatsapp_app_secret: SecretStr = SecretStr("")
    whatsapp_verify_token: SecretStr = SecretStr("")
    whatsapp_graph_url: str = "https://graph.facebook.com/v26.0"

    companies_each: int = Field(default=5, ge=0)
    """How many companies somebody who owns one may found from the web. 0: only the operator makes them."""

    metrics_token: SecretStr | None = None
    """What Prometheus sends as a bearer token to read /metrics. Empty: this machine alone reads them."""

    max_upload_mb: int = Field(default=200, gt=0)
    max_expanded_mb: int = Field(default=100, gt=0)
    demo: bool = True

    @property
    def development(self) -> bool:
        return self.env == "development"

    @property
    def url(self) -> str:
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    def secret(self) -> str:
        """The signing key. In development one is made on first use and kept in `data_dir`."""
        given = self.secret_key.get_secret_value().strip() if self.secret_key else ""
        if not self.development and len(given) < LEAST_SECRET:
            raise RuntimeError(f"AYNI_SECRET_KEY must be set outside development, to {LEAST_SECRET} characters or more")
        if given:
            return given
        path = self.data_dir / "secret"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f"secret.{secrets.token_hex(4)}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(48))
            with suppress(FileExistsError):  # atomic: of two processes starting at once, the first one's key stands
                path.hardlink_to(draft)
            draft.unlink()
        return path.read_text()


@cache
def settings() -> Settings:
    """The process's settings, read once."""
    return Settings()
