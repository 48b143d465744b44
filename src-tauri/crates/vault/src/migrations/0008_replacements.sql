-- That a key takes the place of another, or is to: no `new_key` yet. Rows are added and never changed, one for each
-- `key-replaced` of the log, so that one taken out shows, too. `own_end` is when the old key would have ended by itself.
CREATE TABLE replacements (
  number  INTEGER PRIMARY KEY,
  id      TEXT NOT NULL,
  old_key TEXT NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
  new_key TEXT REFERENCES keys (id) ON DELETE CASCADE,
  stop    TEXT NOT NULL CHECK (stop IN ('now', 'first-use', 'in-a-day')),
  at      INTEGER NOT NULL,
  own_end INTEGER,
  mac     BLOB NOT NULL
) STRICT;

CREATE INDEX replacements_by_old ON replacements (old_key);
CREATE INDEX replacements_by_new ON replacements (new_key);

-- When each key was first presented and accepted, and by which program (JSON), where that could be told. No MAC: written
-- while locked. Whoever forges one can make a key stop that was to stop with it, never make one go on.
CREATE TABLE first_uses (
  key_id  TEXT PRIMARY KEY REFERENCES keys (id) ON DELETE CASCADE,
  at      INTEGER NOT NULL,
  program TEXT
) STRICT, WITHOUT ROWID;
