-- Times of schedules that a run was begun for. Each is one run's until its lease expires or it is finished; `died` is the
-- run that had it before.
CREATE TABLE schedule_tick (
    sync     TEXT NOT NULL,
    tick     TEXT NOT NULL,
    run      TEXT NOT NULL,
    epoch    INTEGER NOT NULL DEFAULT 1,
    died     TEXT,
    expires  TEXT NOT NULL,
    finished TEXT,
    PRIMARY KEY (sync, tick)
) WITHOUT ROWID;
CREATE INDEX schedule_tick_open ON schedule_tick (run) WHERE finished IS NULL;
