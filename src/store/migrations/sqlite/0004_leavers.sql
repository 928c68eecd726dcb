-- Who is on the way out of a target, whether or not a sync has it in its care. `recorded` is JSON: how it stood before
-- rollcall disabled it or took it out of its groups, at `disabled`. `counted` is the run whose reading was counted last.
CREATE TABLE leaver (
    target   TEXT NOT NULL,
    sync     TEXT NOT NULL,
    kind     TEXT NOT NULL,
    name_key TEXT NOT NULL,
    name     TEXT NOT NULL,
    absences BIGINT NOT NULL,
    since    TEXT NOT NULL,
    counted  TEXT NOT NULL,
    disabled TEXT,
    recorded TEXT,
    PRIMARY KEY (target, sync, kind, name_key)
);

-- What each run removed, of how many that it could have removed. `lifted`: 1 where a person lifted the limit for it.
CREATE TABLE removal (
    sync   TEXT NOT NULL,
    target TEXT NOT NULL,
    kind   TEXT NOT NULL,
    run    TEXT NOT NULL,
    at     TEXT NOT NULL,
    count  BIGINT NOT NULL,
    base   BIGINT NOT NULL,
    lifted BIGINT NOT NULL,
    PRIMARY KEY (sync, target, kind, run)
);
CREATE INDEX removal_by_time ON removal (sync, target, at);
