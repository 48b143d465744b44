-- A grant whose key could not be posted says so: `delivery` may be `failed`. A CHECK changes only with its table.
CREATE TABLE grants_3 (
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
  delivery        TEXT NOT NULL
      CHECK (delivery IN ('never', 'failed', 'form-post', 'json-post', 'collected', 'shown')),
  delivered_at    INTEGER CHECK ((delivered_at IS NULL) = (delivery IN ('never', 'failed'))),
  mac             BLOB NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO grants_3 (request_id, key_id, owner, issuer, permissions, existing, mode, sealed_query, collect_hash,
    granted_at, delivery, delivered_at, mac)
  SELECT request_id, key_id, owner, issuer, permissions, existing, mode, sealed_query, collect_hash,
    granted_at, delivery, delivered_at, mac FROM grants;

DROP TABLE grants;
ALTER TABLE grants_3 RENAME TO grants;

CREATE INDEX grants_by_key ON grants (key_id);
