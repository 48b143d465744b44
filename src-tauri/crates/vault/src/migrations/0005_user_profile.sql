-- Where a user's picture is said to be. It decides nothing: no MAC covers it, as none covers the name.
ALTER TABLE users ADD COLUMN image_url TEXT;
