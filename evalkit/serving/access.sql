-- Who may log in to the server of a round, and who is logged in. Beside the round, mode 600.
-- No code and no session can be read from it: there are hashes only.
-- Times are seconds since 1970 (UTC).

CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE invite (
  id      INTEGER PRIMARY KEY,
  person  TEXT NOT NULL,
  finder  TEXT NOT NULL UNIQUE, -- the first group of the code
  salt    BLOB NOT NULL,
  hash    BLOB NOT NULL,        -- scrypt of the whole code
  made    INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  revoked INTEGER
) STRICT;

CREATE TABLE session (
  hash   BLOB PRIMARY KEY,      -- SHA-256 of the cookie's random value
  person TEXT NOT NULL,
  invite INTEGER REFERENCES invite (id), -- NULL: opened on this machine by `evalkit sheet` or `board`
  language TEXT NOT NULL,
  begun  INTEGER NOT NULL,
  ended  INTEGER
) STRICT, WITHOUT ROWID;

-- Attempts that have not succeeded, by what they were about: an invite's finder, or an address.
CREATE TABLE attempt (
  about TEXT NOT NULL,
  at    INTEGER NOT NULL
) STRICT;
CREATE INDEX attempt_about ON attempt (about, at);

PRAGMA user_version = 1;
