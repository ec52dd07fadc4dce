"""WhatsApp, through Meta's Cloud API: a phone asks and sends files, Ayni answers, and writes by itself where wanted.

    state = notify(Notice("digest-2026-W44", Reply("…"), template("resumen_listo", "Café Uno", "…")), user_id, scope)

A message's way: `router` (proven, stored, acknowledged) -> `inbox` -> `deliver.work` -> `answering.compose` (`links`,
`asking`, `files`, `render`) -> `graph.send`. What Ayni writes by itself: `notices`.
"""

from server.channels.whatsapp.notices import TEMPLATES, Notice, notify, template
from server.channels.whatsapp.reply import Button, Reply, Template

__all__ = ["TEMPLATES", "Button", "Notice", "Reply", "Template", "notify", "template"]
