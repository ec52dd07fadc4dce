"""How the mails stand, for the operator: over all companies, without what they say."""

from typing import Any

from psycopg.rows import dict_row

from core import auth, db

STATES = ("waiting", "held", "claimed", "sending", "sent", "skipped", "failed", "unsure", "bounced")
TROUBLE = ("failed", "unsure", "bounced")
QUERY = """
SELECT c.slug AS company, u.email AS "to", e.key, e.state, e.attempts, e.error,
       coalesce(e.sent_at, e.created_at) AS at, p.user_id IS NOT NULL AS paused
FROM mails e JOIN companies c ON c.id = e.company_id JOIN users u ON u.id = e.user_id
LEFT JOIN mail_pauses p ON p.company_id = e.company_id AND p.user_id = e.user_id AND p.address = u.email
WHERE (%(company)s = '' OR c.slug = %(company)s) AND (NOT %(trouble)s OR e.state = ANY(%(states)s))
ORDER BY e.created_at DESC, e.key, u.email LIMIT %(most)s
"""


def latest(slug: str, trouble: bool, most: int) -> list[dict[str, Any]]:
    """The last mails, of one company or (slug '') of all; with `trouble`, those that did not arrive."""
    if slug:
        auth.operator_scope(slug)  # says which companies there are where this is none
    with db.owner() as connection, connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(QUERY, {"company": slug, "trouble": trouble, "states": list(TROUBLE), "most": most})
        return cursor.fetchall()


def counts() -> dict[str, int]:
    """How many mails of the last seven days stand in each state, over all companies."""
    with db.identity() as connection:
        return dict(connection.execute("SELECT state, count FROM mails_by_state()").fetchall())


def lines(found: list[dict[str, Any]]) -> list[str]:
    """The same to be read, a line each."""
    return [
        f"{one['at']:%Y-%m-%d %H:%M}  {one['state']:<8} {one['company']}  {one['key']}  {one['to']}"
        f"{'  (en pausa)' if one['paused'] else ''}{'  ' + one['error'] if one['error'] else ''}"
        for one in found
    ] or ["No hay correos."]
