-- The audit trail. Rows are only ever added; `leaf` is the hash of `entry` and stays where the entry was purged.
CREATE TABLE trail (
    seq   BIGINT PRIMARY KEY,
    leaf  TEXT NOT NULL,
    entry TEXT
);
-- The right edge of its tree: one row, moved in the transaction that adds. `log` is new with each database, so that no
-- key ever signs two trees.
CREATE TABLE trail_head (
    one      BIGINT PRIMARY KEY CHECK (one = 1),
    log      TEXT NOT NULL,
    frontier BLOB NOT NULL
);
INSERT INTO trail_head (one, log, frontier) VALUES (1, lower(hex(randomblob(8))), X'0000000000000000');
CREATE TABLE checkpoint (
    size   BIGINT PRIMARY KEY,
    note   TEXT NOT NULL,
    signed TEXT NOT NULL
);
