-- The list that was last pushed to each source: deflated JSON without passwords, its digest, when it came and from whom.
CREATE TABLE pushed_list (
    source   TEXT PRIMARY KEY,
    content  BLOB NOT NULL,
    digest   TEXT NOT NULL,
    received TEXT NOT NULL,
    sender   TEXT NOT NULL
);
