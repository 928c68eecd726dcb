-- Runs that somebody was told would come, and that have not ended: what was asked, as JSON, and the process that carries it
-- in memory. Where that lets its time pass, another takes it over; `tries` counts how often.
CREATE TABLE asked (
    id      TEXT COLLATE "C" PRIMARY KEY,
    sync    TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    asked   TEXT COLLATE "C" NOT NULL,
    holder  TEXT COLLATE "C" NOT NULL,
    tries   BIGINT NOT NULL DEFAULT 0,
    expires TIMESTAMPTZ NOT NULL
);
