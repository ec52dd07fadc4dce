"""With a model set, the stories' sentences said more naturally; each that does not say the same stays as it was."""

import asyncio
from dataclasses import replace

import features
from assistant import llm
from core import db
from core.tenancy import Scope
from server.digest.types import Digest, Story

NAMED = ("product", "category", "branch", "channel", "customer", "seller")


def reworded(digest: Digest, scope: Scope) -> Digest:
    """The summary with its stories' titles, reasons and advice reworded; itself where no model is set or it fails.
    Opens its own transactions: the model is asked outside of any."""
    if not digest.stories or not llm.configured():
        return digest
    with db.tenant(scope) as connection:
        known = [name for dimension in NAMED for name in features.members(dimension, scope, connection)]
        left = llm.left_this_month(scope, connection)
    sentences = [said for story in digest.stories for said in (story.title, story.why, story.todo)]
    you = "vos" if scope.company.locale == "es-AR" else "tú"
    made = asyncio.run(llm.reword(sentences, known, you, left))
    if made.usage.tokens:
        with db.tenant(scope) as connection:
            llm.spend(made.usage, "digest", f"Resumen {digest.edition.id}", scope, connection)
    told = [_told(story, *made.sentences[3 * n : 3 * n + 3]) for n, story in enumerate(digest.stories)]
    return replace(digest, stories=tuple(told))


def _told(story: Story, title: str, why: str, todo: str) -> Story:
    return replace(story, title=title.rstrip("."), why=why, todo=todo)
