-- How Fieldgate is set up: one row, once anything was ever chosen. It decides who may sign in, hence the MAC.
CREATE TABLE settings (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    value TEXT NOT NULL,
    mac   BLOB NOT NULL
) STRICT;
