-- What each key was granted, added up: how often, when first, when last. `store` is there for a demand in one store only;
-- one that is deleted leaves its count. No MAC: these rows are written while locked, when none can be made, and let nobody
-- do anything. They are shown, and an admin may take from a key what they say it never used: whoever forges them can
-- make that take too much or too little, never give.
CREATE TABLE usage (
  key_id TEXT NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
  policy TEXT NOT NULL,
  reach  TEXT NOT NULL CHECK (reach IN ('everything', 'store', 'any-store')),
  store  TEXT NOT NULL CHECK ((store <> '') = (reach = 'store')),
  count  INTEGER NOT NULL CHECK (count > 0),
  first  INTEGER NOT NULL,
  last   INTEGER NOT NULL,
  PRIMARY KEY (key_id, policy, reach, store)
) STRICT, WITHOUT ROWID;
