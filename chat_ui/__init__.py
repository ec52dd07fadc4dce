"""The web chat: Chainlit at /chat, in Spanish, behind the one login, with nothing fetched from elsewhere.

    chat_ui.mount(app, attach)      # attach(scope, filename, stream) -> upload id: stores the file, makes its job

Anonymous visitors are sent to `/login?next=/chat…`; who is signed in comes from `auth.session_scope` alone.
"""

from chat_ui.attachments import Attach
from chat_ui.mounting import mount

__all__ = ["Attach", "mount"]
