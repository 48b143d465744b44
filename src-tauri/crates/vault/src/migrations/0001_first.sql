-- The first shape of the store. Times are whole seconds since 1970 (UTC); handles are texts; JSON stands in TEXT.
-- `mac` covers every column of its row that decides something, under a key that exists only while unlocked.

CREATE TABLE header (
  only  INTEGER PRIMARY KEY CHECK (only = 1),
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE users (
  id            TEXT PRIMARY KEY,
  issuer        TEXT NOT NULL,
  email         TEXT NOT NULL COLLATE NOCASE,
  name          TEXT,
  password_hash TEXT,
  is_admin      INTEGER NOT NULL CHECK (is_admin IN (0, 1)),
  disabled      INTEGER NOT NULL CHECK (disabled IN (0, 1)),
  created       INTEGER NOT NULL,
  mac           BLOB NOT NULL,
  UNIQUE (issuer, email)
) STRICT, WITHOUT ROWID;

CREATE TABLE stores (
  id      TEXT PRIMARY KEY,
  issuer  TEXT NOT NULL,
  name    TEXT NOT NULL,
  created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE memberships (
  store_id TEXT NOT NULL REFERENCES stores (id) ON DELETE CASCADE,
  user_id  TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role     TEXT NOT NULL,
  mac      BLOB NOT NULL,
  PRIMARY KEY (store_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX memberships_by_user ON memberships (user_id);

-- `kind` says which of the columns after it are what the application is recognised by.
CREATE TABLE applications (
  id         TEXT PRIMARY KEY,
  kind       TEXT NOT NULL CHECK (kind IN ('identifier', 'origin', 'program', 'unknown')),
  identifier TEXT CHECK ((identifier IS NOT NULL) = (kind = 'identifier')),
  origin     TEXT CHECK ((origin IS NOT NULL) = (kind IN ('identifier', 'origin'))),
  exe        TEXT CHECK ((exe IS NOT NULL) = (kind = 'program')),
  script     TEXT CHECK (script IS NULL OR kind = 'program'),
  first_seen INTEGER NOT NULL,
  last_seen  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX applications_by_identity ON applications (
  kind, coalesce(identifier, ''), coalesce(origin, ''), coalesce(exe, ''), script IS NULL, coalesce(script, '')
);

-- The names it gave itself; place 0 is the latest.
CREATE TABLE application_names (
  application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  place          INTEGER NOT NULL,
  name           TEXT NOT NULL,
  PRIMARY KEY (application_id, place)
) STRICT, WITHOUT ROWID;

-- What the admin said about an application. No row: new. `mac` covers what the application is recognised by, too.
CREATE TABLE standings (
  application_id TEXT PRIMARY KEY REFERENCES applications (id) ON DELETE CASCADE,
  standing       TEXT NOT NULL CHECK (standing IN ('known', 'blocked')),
  since          INTEGER NOT NULL,
  note           TEXT,
  mac            BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- `hash` is SHA-256 of the token; `mac` covers all but `label`, `last_used` and the sealed token, which proves itself.
CREATE TABLE keys (
  id             TEXT PRIMARY KEY,
  hash           BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  sealed_secret  BLOB NOT NULL,
  owner          TEXT NOT NULL REFERENCES users (id),
  issuer         TEXT NOT NULL,
  label          TEXT NOT NULL,
  permissions    TEXT NOT NULL,
  application_id TEXT REFERENCES applications (id),
  created        INTEGER NOT NULL,
  expires        INTEGER,
  revoked_at     INTEGER,
  expired_at     INTEGER,
  last_used      INTEGER,
  mac            BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX keys_by_owner ON keys (owner);
CREATE INDEX keys_by_application ON keys (application_id);

-- Ends written while locked, when no MAC can be made; the next unlock moves them into `keys`.
CREATE TABLE key_endings (
  key_id TEXT PRIMARY KEY REFERENCES keys (id) ON DELETE CASCADE,
  at     INTEGER NOT NULL,
  kind   TEXT NOT NULL CHECK (kind IN ('revoked', 'expired'))
) STRICT, WITHOUT ROWID;

-- Every asking that ended, kept for 90 days. `origin` is the redirect's; the rest of it may hold secrets.
CREATE TABLE requests (
  id             TEXT PRIMARY KEY,
  asked_at       INTEGER NOT NULL,
  ended_at       INTEGER NOT NULL,
  status         TEXT NOT NULL,
  application_id TEXT NOT NULL REFERENCES applications (id),
  mode           TEXT NOT NULL CHECK (mode IN ('browser', 'program')),
  name           TEXT,
  origin         TEXT,
  program        TEXT,
  permissions    TEXT NOT NULL,
  unknown        TEXT NOT NULL,
  strict_asked   INTEGER NOT NULL CHECK (strict_asked IN (0, 1)),
  selective      INTEGER NOT NULL CHECK (selective IN (0, 1)),
  unencrypted    INTEGER NOT NULL CHECK (unencrypted IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE INDEX requests_by_end ON requests (ended_at);
CREATE INDEX requests_by_application ON requests (application_id);

-- Every approval, kept as long as its key. `mac` covers all but `delivery`, `delivered_at` and the query: whoever could
-- change `collect_hash` would choose who gets the key. The sealed query, redirect and all, proves itself.
CREATE TABLE grants (
  request_id      TEXT PRIMARY KEY,
  key_id          TEXT NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
  owner           TEXT NOT NULL REFERENCES users (id),
  issuer          TEXT NOT NULL,
  permissions     TEXT NOT NULL,
  existing        INTEGER NOT NULL CHECK (existing IN (0, 1)),
  mode            TEXT NOT NULL CHECK (mode IN ('browser', 'program')),
  sealed_query    BLOB NOT NULL,
  collect_hash    BLOB NOT NULL CHECK (length(collect_hash) = 32),
  granted_at      INTEGER NOT NULL,
  delivery        TEXT NOT NULL CHECK (delivery IN ('never', 'form-post', 'json-post', 'collected', 'shown')),
  delivered_at    INTEGER CHECK ((delivered_at IS NULL) = (delivery = 'never')),
  mac             BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX grants_by_key ON grants (key_id);

-- A hash chain: `hash` is SHA-256 of the hash before it and this row's fields.
CREATE TABLE log (
  seq     INTEGER PRIMARY KEY,
  at      INTEGER NOT NULL,
  actor   TEXT NOT NULL,
  action  TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail  TEXT NOT NULL,
  hash    BLOB NOT NULL
) STRICT;

-- Position and hash of the log's end at some moment. Numbered without gaps, so that a missing one shows.
CREATE TABLE log_checkpoints (
  number INTEGER PRIMARY KEY,
  seq    INTEGER NOT NULL,
  head   BLOB NOT NULL,
  at     INTEGER NOT NULL,
  mac    BLOB NOT NULL
) STRICT;
