-- What is set about a store, as JSON. Nothing: the defaults. It decides nothing, hence no MAC.
ALTER TABLE stores ADD COLUMN settings TEXT;
