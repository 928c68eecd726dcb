-- What a source keeps of its last accepted reading, so that the next one need fetch only what changed. Losing it costs
-- one full read.
CREATE TABLE memory (
    sync      TEXT NOT NULL,
    source    TEXT NOT NULL,
    key       TEXT NOT NULL,
    cookie    BLOB NOT NULL,
    full_read TEXT NOT NULL,
    PRIMARY KEY (sync, source)
);
CREATE TABLE memory_part (
    sync    TEXT NOT NULL,
    source  TEXT NOT NULL,
    part    BIGINT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (sync, source, part)
);
