-- Runs that somebody was told would come, and that have not ended: what was asked, as JSON, and the process that carries it
-- in memory. Where that lets its time pass, another takes it over.
CREATE TABLE asked (
    id      TEXT PRIMARY KEY,
    sync    TEXT NOT NULL,
    content TEXT NOT NULL,
    holder  TEXT NOT NULL,
    expires TEXT NOT NULL
) WITHOUT ROWID;
