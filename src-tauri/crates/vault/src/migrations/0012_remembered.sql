-- Approvals that are repeated without asking. `mac` covers every column but the uses and the sealed address, which proves
-- itself; a path may hold other people's secrets. `application_id` is what the decision was made about: with its key or its user
-- it ends.
CREATE TABLE remembered (
  request_id     TEXT PRIMARY KEY,
  application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  key_id         TEXT NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
  owner          TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  permissions    TEXT NOT NULL,
  asked          TEXT NOT NULL,
  strict_asked   INTEGER NOT NULL CHECK (strict_asked IN (0, 1)),
  selective      INTEGER NOT NULL CHECK (selective IN (0, 1)),
  sealed_address BLOB,
  program        TEXT NOT NULL,
  receiver       TEXT,
  since          INTEGER NOT NULL,
  uses           INTEGER NOT NULL,
  last_used      INTEGER,
  mac            BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX remembered_by_key ON remembered (key_id);
CREATE INDEX remembered_by_application ON remembered (application_id);
