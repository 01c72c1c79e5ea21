"""Search of a million stories: which words there are, so that a beginning is asked for by whole words (PostgreSQL).

A minute where there are a million stories. SQLite's index knows the beginnings of words by itself.
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_LEARN = """INSERT INTO story_search_word (word)
    SELECT DISTINCT found.word FROM (
        SELECT regexp_replace(lexeme, '[0-9].*$', '0') COLLATE "C" AS word
        FROM learnt, unnest(tsvector_to_array(learnt.document)) AS lexeme
        WHERE NOT starts_with(lexeme, '_')
    ) found
    WHERE NOT EXISTS (SELECT 1 FROM story_search_word known WHERE known.word = found.word)"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    run = op.get_bind().exec_driver_sql
    run('CREATE TABLE story_search_word (word text COLLATE "C" NOT NULL)')
    run(
        f"""CREATE FUNCTION story_search_word_learn() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN {_LEARN}; RETURN NULL; END $$"""
    )
    for name, event in (("added", "INSERT"), ("changed", "UPDATE")):
        run(
            f"CREATE TRIGGER story_search_word_{name} AFTER {event} ON story_search REFERENCING NEW TABLE AS learnt "
            "FOR EACH STATEMENT EXECUTE FUNCTION story_search_word_learn()"
        )
    # After the triggers, which keep out whoever writes meanwhile: no text is left out.
    run(
        "INSERT INTO story_search_word (word) SELECT DISTINCT regexp_replace(word, '[0-9].*$', '0') "
        "FROM ts_stat('SELECT document FROM story_search') WHERE NOT starts_with(word, '_')"
    )
    run("CREATE INDEX ix_story_search_word ON story_search_word (word)")
    run("ANALYZE story_search_word")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    run = op.get_bind().exec_driver_sql
    run("DROP FUNCTION story_search_word_learn() CASCADE")
    run("DROP TABLE story_search_word")
