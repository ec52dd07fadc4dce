"""The chat's own tables: threads, their steps and elements, and thumbs up or down.

A chat belongs to one member of one company: the policies ask for both, and both lead every key, so that an id
chosen by a browser can neither read nor overwrite what another member wrote. What Chainlit calls a step or an
element is kept whole in `body`; a column is only what a query asks for.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = """
CREATE TABLE chat_threads (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    id text NOT NULL CHECK (length(id) <= 100),
    name text,
    metadata jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, user_id, id)
);
CREATE INDEX ON chat_threads (company_id, user_id, updated_at DESC);
CREATE TABLE chat_steps (
    company_id uuid NOT NULL,
    user_id uuid NOT NULL,
    id text NOT NULL CHECK (length(id) <= 100),
    thread_id text NOT NULL,
    body jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (company_id, user_id, id),
    FOREIGN KEY (company_id, user_id, thread_id) REFERENCES chat_threads ON DELETE CASCADE
);
CREATE INDEX ON chat_steps (company_id, user_id, thread_id, created_at);
CREATE TABLE chat_elements (
    company_id uuid NOT NULL,
    user_id uuid NOT NULL,
    id text NOT NULL CHECK (length(id) <= 100),
    thread_id text NOT NULL,
    step_id text,
    body jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (company_id, user_id, id),
    FOREIGN KEY (company_id, user_id, thread_id) REFERENCES chat_threads ON DELETE CASCADE
);
CREATE INDEX ON chat_elements (company_id, user_id, thread_id, created_at);
CREATE TABLE chat_feedback (
    company_id uuid NOT NULL,
    user_id uuid NOT NULL,
    id text NOT NULL,
    thread_id text NOT NULL,
    step_id text NOT NULL,
    value smallint NOT NULL CHECK (value IN (0, 1)),
    comment text,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, user_id, id),
    UNIQUE (company_id, user_id, step_id),
    FOREIGN KEY (company_id, user_id, thread_id) REFERENCES chat_threads ON DELETE CASCADE
);
"""

CHAT_TABLES = ("chat_threads", "chat_steps", "chat_elements", "chat_feedback")
MINE = (
    "company_id = nullif(current_setting('app.company_id', true), '')::uuid "
    "AND user_id = nullif(current_setting('app.user_id', true), '')::uuid"
)


def upgrade() -> None:
    op.execute(TABLES)
    for table in CHAT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY scope ON {table} TO ayni_app USING ({MINE}) WITH CHECK ({MINE})")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(CHAT_TABLES)} TO ayni_app")
