-- Times of schedules that a run was begun for. Each is one run's until its lease expires or it is finished; `died` is the
-- run that had it before.
CREATE TABLE schedule_tick (
    sync     TEXT COLLATE "C" NOT NULL,
    tick     TEXT COLLATE "C" NOT NULL,
    run      TEXT COLLATE "C" NOT NULL,
    epoch    BIGINT NOT NULL DEFAULT 1,
    died     TEXT COLLATE "C",
    expires  TIMESTAMPTZ NOT NULL,
    finished TEXT COLLATE "C",
    PRIMARY KEY (sync, tick)
);
CREATE INDEX schedule_tick_open ON schedule_tick (run) WHERE finished IS NULL;
