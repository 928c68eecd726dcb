-- Calls of webhooks that were taken in, so that the same one is not taken twice.
CREATE TABLE hook_seen (
    hook    TEXT COLLATE "C" NOT NULL,
    id      TEXT COLLATE "C" NOT NULL,
    expires TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (hook, id)
);
CREATE INDEX hook_seen_expires ON hook_seen (expires);
