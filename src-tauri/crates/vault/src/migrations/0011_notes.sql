-- What the admin has written down about an application stands beside the standing, also about one that is neither known nor
-- blocked: a row may say `new`. It decides nothing, but who reads it decides by it, hence the same `mac`. A CHECK changes
-- only with its table.
CREATE TABLE standings_11 (
  application_id TEXT PRIMARY KEY REFERENCES applications (id) ON DELETE CASCADE,
  standing       TEXT NOT NULL CHECK (standing IN ('new', 'known', 'blocked')),
  since          INTEGER NOT NULL,
  note           TEXT,
  mac            BLOB NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO standings_11 (application_id, standing, since, note, mac)
  SELECT application_id, standing, since, note, mac FROM standings;

DROP TABLE standings;
ALTER TABLE standings_11 RENAME TO standings;
