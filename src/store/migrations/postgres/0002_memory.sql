-- What a source keeps of its last accepted reading, so that the next one need fetch only what changed. Losing it costs
-- one full read.
CREATE TABLE memory (
    sync      TEXT COLLATE "C" NOT NULL,
    source    TEXT COLLATE "C" NOT NULL,
    key       TEXT NOT NULL,
    cookie    BYTEA NOT NULL,
    full_read TEXT NOT NULL,
    PRIMARY KEY (sync, source)
);
CREATE TABLE memory_part (
    sync    TEXT COLLATE "C" NOT NULL,
    source  TEXT COLLATE "C" NOT NULL,
    part    BIGINT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (sync, source, part)
);
