-- How each sync fares from run to run: failures in a row, whom that was told, until when it may not run by itself.
CREATE TABLE sync_health (
    sync   TEXT PRIMARY KEY,
    health TEXT NOT NULL
);
