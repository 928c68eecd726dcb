-- What each apply was about to do, before it did it, and what became of it. `n` is the place of the change in the plan of
-- the run; an empty `part` is the change as a whole; `intent` is the entry of the trail that announced it.
CREATE TABLE journal (
    run     TEXT NOT NULL,
    n       BIGINT NOT NULL,
    part    TEXT NOT NULL,
    state   TEXT NOT NULL,
    note    TEXT,
    written TEXT NOT NULL,
    intent  BIGINT,
    PRIMARY KEY (run, n, part)
);
-- The plan of a run before it was carried out, and its report: JSON, deflated.
CREATE TABLE run_document (
    run     TEXT NOT NULL,
    what    TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (run, what)
);
ALTER TABLE run ADD COLUMN target TEXT;
ALTER TABLE run ADD COLUMN place TEXT;
ALTER TABLE run ADD COLUMN state TEXT;
CREATE INDEX run_open ON run (place) WHERE finished IS NULL;
