"""After a change of the embeddings, text gets its vectors in the background and is found all the while."""

import retrieval
from core import db
from core.tenancy import Scope
from retrieval.chunk import Chunk
from server import jobs, vectors


def test_text_without_vectors_of_the_model_in_use_gets_them_in_slices(scope: Scope):
    chunks = [Chunk("metric", f"k{i}", f"Ventas {i}", f"En el mes {i} vendiste mucho pan") for i in range(300)]
    with db.tenant(scope) as connection:
        retrieval.index(chunks, scope, connection)
        connection.execute("UPDATE chunks SET embedding_model = 'an older table'")
        assert retrieval.outdated(scope, connection) == 300
    vectors.renew()
    vectors.renew()  # again while it waits: no second job
    with db.tenant(scope) as connection:
        waiting = connection.execute("SELECT id FROM jobs WHERE kind = 'reembed'").fetchall()
        assert len(waiting) == 1
        assert retrieval.search("cuánto pan vendí", scope, connection)
    jobs.run(scope.company_id, waiting[0][0])
    while True:
        with db.tenant(scope) as connection:
            queued = connection.execute("SELECT id FROM jobs WHERE kind = 'reembed' AND state = 'queued'").fetchall()
        if not queued:
            break
        jobs.run(scope.company_id, queued[0][0])
    with db.tenant(scope) as connection:
        assert retrieval.outdated(scope, connection) == 0
