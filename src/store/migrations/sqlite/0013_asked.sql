-- Runs that somebody was told would come, and that have not ended: what was asked, as JSON, and the process that carries it
-- in memory. Where that lets its time pass, another takes it over; `tries` counts how often.
CREATE TABLE asked (
    id      TEXT PRIMARY KEY,
    sync    TEXT NOT NULL,
    content TEXT NOT NULL,
    asked   TEXT NOT NULL,
    holder  TEXT NOT NULL,
    tries   INTEGER NOT NULL DEFAULT 0,
    expires TEXT NOT NULL
) WITHOUT ROWID;
