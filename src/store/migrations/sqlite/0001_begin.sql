CREATE TABLE run (
    id            TEXT PRIMARY KEY,
    sync          TEXT NOT NULL,
    command       TEXT NOT NULL,
    requested_by  TEXT NOT NULL,
    config_digest TEXT NOT NULL,
    started       TEXT NOT NULL,
    finished      TEXT,
    plan_digest   TEXT,
    verdict       TEXT,
    exit_code     BIGINT,
    summary       TEXT,
    overrides     TEXT,
    error         TEXT
);
CREATE INDEX run_by_sync ON run (sync, started);

-- How far a sync has come: whether it was ever applied, and under which rules a person last did so.
CREATE TABLE sync_state (
    sync         TEXT PRIMARY KEY,
    applied      TEXT,
    completed    TEXT,
    rules_digest TEXT
);

-- The last accepted reading of each source.
CREATE TABLE baseline (
    sync   TEXT NOT NULL,
    source TEXT NOT NULL,
    users  BIGINT NOT NULL,
    groups BIGINT NOT NULL,
    read   TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (sync, source)
);

-- Who owns what in a target. `name_key` is the name as the target compares it.
CREATE TABLE ownership (
    target      TEXT NOT NULL,
    kind        TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    sync        TEXT NOT NULL,
    owner       TEXT NOT NULL,
    source_id   TEXT,
    disabled    BIGINT,
    run         TEXT NOT NULL,
    since       TEXT NOT NULL,
    last_origin TEXT,
    last_seen   TEXT,
    PRIMARY KEY (target, kind, name_key, sync)
) WITHOUT ROWID;
