-- Text is compared byte by byte, as SQLite does: an index never hangs on the locale of the server.
CREATE TABLE run (
    id            TEXT COLLATE "C" PRIMARY KEY,
    sync          TEXT COLLATE "C" NOT NULL,
    command       TEXT NOT NULL,
    requested_by  TEXT NOT NULL,
    config_digest TEXT NOT NULL,
    started       TEXT COLLATE "C" NOT NULL,
    finished      TEXT COLLATE "C",
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
    sync         TEXT COLLATE "C" PRIMARY KEY,
    applied      TEXT,
    completed    TEXT,
    rules_digest TEXT
);

-- The last accepted reading of each source.
CREATE TABLE baseline (
    sync   TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    users  BIGINT NOT NULL,
    groups BIGINT NOT NULL,
    read   TEXT COLLATE "C" NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (sync, source)
);

-- Who owns what in a target. `name_key` is the name as the target compares it.
CREATE TABLE ownership (
    target      TEXT COLLATE "C" NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL,
    name_key    TEXT COLLATE "C" NOT NULL,
    sync        TEXT COLLATE "C" NOT NULL,
    owner       TEXT NOT NULL,
    source_id   TEXT,
    disabled    BIGINT,
    run         TEXT NOT NULL,
    since       TEXT NOT NULL,
    last_origin TEXT,
    last_seen   TEXT COLLATE "C",
    PRIMARY KEY (target, kind, name_key, sync)
);

-- Who may apply to the target at a place, until when. A SQLite file has a file beside it for that.
CREATE TABLE lease (
    name    TEXT COLLATE "C" PRIMARY KEY,
    holder  TEXT NOT NULL,
    epoch   BIGINT NOT NULL,
    expires TIMESTAMPTZ NOT NULL
);

-- SQLite has a function of this name, so that one statement serves both.
CREATE FUNCTION json_each(list TEXT) RETURNS TABLE (value JSONB)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT element FROM pg_catalog.jsonb_array_elements(list::pg_catalog.jsonb) AS elements (element) $$;
