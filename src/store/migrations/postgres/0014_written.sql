-- One row that is written for no other reason than to see whether it can be.
CREATE TABLE written (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    at TIMESTAMPTZ NOT NULL
);
