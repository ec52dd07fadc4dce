"""Where a line of a workbook with several tables stands: its lines are counted on from one tab to the next, and
`uploads.reading` says where each begins (`starts`: line, tab, its row there). Of any other file the line is the row."""

from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION row_of(reading jsonb, line integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
            SELECT coalesce((SELECT line - (s->>0)::int + (s->>2)::int FROM jsonb_array_elements(reading->'starts') s
                WHERE (s->>0)::int <= line ORDER BY (s->>0)::int DESC LIMIT 1), line)
        $$;
        CREATE FUNCTION file_of(filename text, reading jsonb, line integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
            SELECT filename || coalesce((SELECT ', hoja «' || (s->>1) || '»'
                FROM jsonb_array_elements(reading->'starts') s
                WHERE (s->>0)::int <= line ORDER BY (s->>0)::int DESC LIMIT 1), '')
        $$;
        """
    )
