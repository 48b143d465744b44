-- Who was to receive the key of a grant, as JSON, under the grant's MAC: an existing key may follow its receiver to another
-- port. Of a grant from before this nothing is known. `withheld`: a delivery failed because another program listened there.
ALTER TABLE grants ADD COLUMN receiver TEXT;
ALTER TABLE grants ADD COLUMN withheld INTEGER NOT NULL DEFAULT 0 CHECK (withheld IN (0, 1));
-- The page that sent the browser, as JSON: what the browser said, shown and compared, and never trusted alone.
ALTER TABLE requests ADD COLUMN sent_by TEXT;
