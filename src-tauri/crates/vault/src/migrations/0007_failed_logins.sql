-- Wrong passwords in a row, by account and by program, so that a restart makes no guesser a stranger anew. `trace` is a hash
-- of the user's id, of an address that nobody has, or of user and executable: what somebody types into the wrong field is not kept. No MAC: these
-- rows are written while locked. Whoever has the file need not guess over the network; a forged row makes its account wait
-- 15 minutes at most.
CREATE TABLE failed_logins (
  counted_by TEXT NOT NULL CHECK (counted_by IN ('account', 'program')),
  trace      BLOB NOT NULL CHECK (length(trace) = 32),
  count      INTEGER NOT NULL CHECK (count > 0),
  last       INTEGER NOT NULL,
  PRIMARY KEY (counted_by, trace)
) STRICT, WITHOUT ROWID;
