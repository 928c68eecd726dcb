-- The list that was last pushed to each source: deflated JSON without passwords, its digest, when it came and from whom.
CREATE TABLE pushed_list (
    source   TEXT COLLATE "C" PRIMARY KEY,
    content  BYTEA NOT NULL,
    digest   TEXT COLLATE "C" NOT NULL,
    received TEXT COLLATE "C" NOT NULL,
    sender   TEXT NOT NULL
);
