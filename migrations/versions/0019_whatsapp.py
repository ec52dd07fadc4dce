"""WhatsApp: what phones wrote, which of them belong to whom, and what became of every message that left.

What a phone writes is nobody's until it is known whose phone it is: `whatsapp_inbox`, `whatsapp_senders` and
`whatsapp_statuses` belong to no company and are seen only by the channel itself (`db.channel()`), never in a company's
scope nor by a signed-in person. The channel also finds a phone's links and claims codes, over all companies.
"""

from alembic import op

revision = "0019"
down_revision = "0018"

CHANNEL = """
-- One row a message, by the id that WhatsApp gave it: a second delivery finds it there. `reply` is what will be sent,
-- kept only until it has left; 'sending' is committed right before, so that nobody sends it twice.
CREATE TABLE whatsapp_inbox (
    wamid text PRIMARY KEY,
    arrived bigint GENERATED ALWAYS AS IDENTITY,
    sender text NOT NULL,
    sent_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    message jsonb NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sending', 'done', 'failed', 'unsure')),
    attempts integer NOT NULL DEFAULT 0,
    run_after timestamptz NOT NULL DEFAULT now(),
    reply jsonb,
    answered_for uuid REFERENCES companies ON DELETE CASCADE,
    answered_user uuid REFERENCES users ON DELETE CASCADE,
    reply_wamid text,
    error text NOT NULL DEFAULT '',
    finished_at timestamptz
);
CREATE INDEX whatsapp_inbox_open ON whatsapp_inbox (sender, sent_at, arrived) WHERE state IN ('waiting', 'sending');
CREATE INDEX whatsapp_inbox_reply ON whatsapp_inbox (reply_wamid) WHERE reply_wamid IS NOT NULL;
CREATE INDEX whatsapp_inbox_for ON whatsapp_inbox (answered_for, answered_user, finished_at);
-- One row a phone: who works for it now, which company it last chose, how often it tried a code.
CREATE TABLE whatsapp_senders (
    sender text PRIMARY KEY,
    last_message_at timestamptz NOT NULL,
    leased_by text,
    lease_until timestamptz,
    nudged_at timestamptz NOT NULL DEFAULT now(),
    hinted_at timestamptz,
    tries integer NOT NULL DEFAULT 0,
    tries_since timestamptz,
    chosen uuid REFERENCES companies ON DELETE SET NULL,
    asked_wamid text
);
CREATE TABLE whatsapp_statuses (
    wamid text PRIMARY KEY,
    status text NOT NULL,
    rank smallint NOT NULL,
    code integer,
    error text NOT NULL DEFAULT '',
    at timestamptz NOT NULL
);
"""

COMPANY = """
-- A phone that belongs to a member; gone with the membership. Opt-in and its end are kept with their moment and place.
CREATE TABLE whatsapp_links (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    sender text NOT NULL,
    user_id uuid NOT NULL,
    linked_at timestamptz NOT NULL DEFAULT now(),
    opted_in_at timestamptz,
    opted_in_by text NOT NULL DEFAULT '',
    opted_out_at timestamptz,
    PRIMARY KEY (company_id, sender),
    FOREIGN KEY (company_id, user_id) REFERENCES memberships (company_id, user_id) ON DELETE CASCADE
);
CREATE INDEX ON whatsapp_links (sender);
-- One living code a member; what is kept is its keyed hash.
CREATE TABLE whatsapp_codes (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    user_id uuid NOT NULL,
    code_hash bytea NOT NULL UNIQUE,
    opt_in boolean NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (company_id, user_id),
    FOREIGN KEY (company_id, user_id) REFERENCES memberships (company_id, user_id) ON DELETE CASCADE
);
-- What Ayni writes by itself: once a reader and key.
CREATE TABLE whatsapp_sent (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    key text NOT NULL,
    sender text NOT NULL,
    body jsonb NOT NULL,
    form text NOT NULL DEFAULT '' CHECK (form IN ('', 'text', 'template')),
    state text NOT NULL CHECK (state IN ('waiting', 'claimed', 'sending', 'sent', 'failed', 'unsure')),
    holder text NOT NULL DEFAULT '',
    claimed_until timestamptz NOT NULL DEFAULT now(),
    run_after timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0,
    wamid text,
    error text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    PRIMARY KEY (company_id, user_id, key)
);
CREATE INDEX ON whatsapp_sent (wamid);
CREATE INDEX whatsapp_sent_open ON whatsapp_sent (run_after) WHERE state IN ('waiting', 'claimed', 'sending');
-- Files that came by WhatsApp: who is told when they are read.
CREATE TABLE whatsapp_files (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    upload_id uuid NOT NULL,
    sender text NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, upload_id, sender),
    FOREIGN KEY (company_id, upload_id) REFERENCES uploads ON DELETE CASCADE
);
"""

# However an upload comes to its end, who sent it is told by a job of the company, after the figures are ready: jobs
# run in their order, and a refresh before all others.
ENDED = """
CREATE FUNCTION whatsapp_file_ended() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO jobs (company_id, kind, payload)
    SELECT f.company_id, 'whatsapp_file', jsonb_build_object('upload', f.upload_id::text)
    FROM whatsapp_files f WHERE f.company_id = NEW.company_id AND f.upload_id = NEW.id LIMIT 1;
    RETURN NULL;
END $$;
CREATE TRIGGER whatsapp_file_ended AFTER UPDATE OF state ON uploads FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state AND NEW.state IN ('ready', 'failed'))
    EXECUTE FUNCTION whatsapp_file_ended();
"""

FUNCTIONS = """
-- Companies with something of their own to send now: ids only. 131047: the text came too late, a template may go.
CREATE FUNCTION whatsapp_companies_due() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT company_id FROM whatsapp_sent
          WHERE (state = 'waiting' AND run_after <= now())
             OR (state IN ('claimed', 'sending') AND claimed_until < now())
          UNION
          SELECT m.company_id FROM whatsapp_sent m JOIN whatsapp_statuses s ON s.wamid = m.wamid
          WHERE m.state = 'sent' AND m.form = 'text' AND s.code = 131047 AND m.sent_at > now() - interval '2 days' $$;
-- What did not reach the asking member's own phones in the company they work in, for their page.
CREATE FUNCTION whatsapp_troubles(most integer) RETURNS TABLE (at timestamptz, what text, error text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT * FROM (
              SELECT i.finished_at, 'answer', CASE WHEN i.error <> '' THEN i.error ELSE coalesce(s.error, '') END
              FROM whatsapp_inbox i LEFT JOIN whatsapp_statuses s ON s.wamid = i.reply_wamid
              WHERE i.answered_for = nullif(current_setting('app.company_id', true), '')::uuid
                AND i.answered_user = nullif(current_setting('app.user_id', true), '')::uuid
                AND (i.state IN ('failed', 'unsure') OR s.status = 'failed')
              UNION ALL
              SELECT coalesce(m.sent_at, m.created_at), 'notice',
                     CASE WHEN m.error <> '' THEN m.error ELSE coalesce(s.error, '') END
              FROM whatsapp_sent m LEFT JOIN whatsapp_statuses s ON s.wamid = m.wamid
              WHERE m.company_id = nullif(current_setting('app.company_id', true), '')::uuid
                AND m.user_id = nullif(current_setting('app.user_id', true), '')::uuid
                AND (m.state IN ('failed', 'unsure') OR s.status = 'failed')) t
          ORDER BY 1 DESC NULLS LAST LIMIT most $$;
-- When a phone of the company wrote last: within a day of it, anything may be sent to it.
CREATE FUNCTION whatsapp_last_message(phone text) RETURNS timestamptz
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT s.last_message_at FROM whatsapp_senders s JOIN whatsapp_links l ON l.sender = s.sender
          WHERE s.sender = phone AND l.company_id = nullif(current_setting('app.company_id', true), '')::uuid $$;
-- The code that a delivered text's failure was told with, for the company's own messages.
CREATE FUNCTION whatsapp_told_late(id text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT EXISTS (SELECT FROM whatsapp_statuses s JOIN whatsapp_sent m ON m.wamid = s.wamid
          WHERE s.wamid = id AND s.code = 131047
            AND m.company_id = nullif(current_setting('app.company_id', true), '')::uuid) $$;
"""

CHANNELS_OWN = ("whatsapp_inbox", "whatsapp_senders", "whatsapp_statuses")
COMPANYS = ("whatsapp_links", "whatsapp_codes", "whatsapp_sent", "whatsapp_files")
BOTHS = ("whatsapp_links", "whatsapp_codes")
IN_CHANNEL = "current_setting('app.channel', true) = 'whatsapp'"
IN_COMPANY = "company_id = nullif(current_setting('app.company_id', true), '')::uuid"


def upgrade() -> None:
    for statement in (CHANNEL, COMPANY, ENDED):
        op.execute(statement)
    for table in (*CHANNELS_OWN, *COMPANYS):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY owner ON {table} FOR SELECT TO ayni_owner USING (true)")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO ayni_app")
    for table in (*CHANNELS_OWN, *BOTHS):
        op.execute(f"CREATE POLICY channel ON {table} TO ayni_app USING ({IN_CHANNEL}) WITH CHECK ({IN_CHANNEL})")
    for table in COMPANYS:
        op.execute(f"CREATE POLICY scope ON {table} TO ayni_app USING ({IN_COMPANY}) WITH CHECK ({IN_COMPANY})")
    op.execute(FUNCTIONS)
    for function in (
        "whatsapp_companies_due()",
        "whatsapp_troubles(integer)",
        "whatsapp_last_message(text)",
        "whatsapp_told_late(text)",
    ):
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO ayni_app")
