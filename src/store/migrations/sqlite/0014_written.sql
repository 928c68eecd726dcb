-- One row that is written for no other reason than to see whether it can be.
CREATE TABLE written (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at TEXT NOT NULL
) WITHOUT ROWID;
