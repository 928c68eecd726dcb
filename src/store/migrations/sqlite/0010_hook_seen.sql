-- Calls of webhooks that were taken in, so that the same one is not taken twice.
CREATE TABLE hook_seen (
    hook    TEXT NOT NULL,
    id      TEXT NOT NULL,
    expires TEXT NOT NULL,
    PRIMARY KEY (hook, id)
) WITHOUT ROWID;
CREATE INDEX hook_seen_expires ON hook_seen (expires);
