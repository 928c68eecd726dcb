-- Who is on the way out of a target, whether or not a sync has it in its care. `recorded` is JSON: how it stood before
-- rollcall disabled it or took it out of its groups, at `disabled`. `counted` is the run whose reading was counted last.
CREATE TABLE leaver (
    target   TEXT COLLATE "C" NOT NULL,
    sync     TEXT COLLATE "C" NOT NULL,
    kind     TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    name     TEXT NOT NULL,
    absences BIGINT NOT NULL,
    since    TEXT COLLATE "C" NOT NULL,
    counted  TEXT NOT NULL,
    disabled TEXT,
    recorded TEXT,
    PRIMARY KEY (target, sync, kind, name_key)
);

-- What each run removed, of how many that it could have removed. `lifted`: 1 where a person lifted the limit for it.
CREATE TABLE removal (
    sync   TEXT COLLATE "C" NOT NULL,
    target TEXT COLLATE "C" NOT NULL,
    kind   TEXT COLLATE "C" NOT NULL,
    run    TEXT COLLATE "C" NOT NULL,
    at     TEXT COLLATE "C" NOT NULL,
    count  BIGINT NOT NULL,
    base   BIGINT NOT NULL,
    lifted BIGINT NOT NULL,
    PRIMARY KEY (sync, target, kind, run)
);
CREATE INDEX removal_by_time ON removal (sync, target, at);
