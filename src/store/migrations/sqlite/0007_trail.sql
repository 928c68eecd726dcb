-- The audit trail. Rows are only ever added; `leaf` is the hash of `entry` and stays where the entry was purged.
CREATE TABLE trail (
    seq   BIGINT PRIMARY KEY,
    leaf  TEXT NOT NULL,
    entry TEXT
);
-- The right edge of its tree: one row, moved in the transaction that adds.
CREATE TABLE trail_head (
    one      BIGINT PRIMARY KEY CHECK (one = 1),
    frontier BLOB NOT NULL
);
INSERT INTO trail_head (one, frontier) VALUES (1, X'0000000000000000');
CREATE TABLE checkpoint (
    size   BIGINT PRIMARY KEY,
    note   TEXT NOT NULL,
    signed TEXT NOT NULL
);
