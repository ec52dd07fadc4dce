"""After a change of AYNI_EMBEDDINGS or of the light table: all text gets its new vectors in the background."""

import retrieval
from core import auth, db
from server import comparing, jobs


def renew() -> int:
    """One job for each company whose text lacks vectors of the model in use; how many that was.

    Searches go on with the old ones until a company's last chunk has its new vector.
    """
    wanting = []
    for company_id in comparing.asked_about():
        scope = auth.company_scope(company_id)
        with db.tenant(scope) as connection:
            if retrieval.outdated(scope, connection):
                wanting.append(company_id)
    return jobs.spread("reembed", wanting)
