-- What a target cannot be read for and its connector therefore keeps from run to run. Losing it costs a few writes.
CREATE TABLE target_memory (
    target  TEXT PRIMARY KEY,
    content TEXT NOT NULL
);
