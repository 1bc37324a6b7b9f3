-- The log of one panel. Append-only; see chain.py for the hash.
CREATE TABLE event (
  panel     TEXT    NOT NULL CHECK (panel <> ''),
  author    TEXT    NOT NULL CHECK (author <> ''),
  seq       INTEGER NOT NULL CHECK (seq >= 1),
  event_id  TEXT    NOT NULL CHECK (event_id <> ''),
  kind      TEXT    NOT NULL CHECK (kind <> ''),
  applicant TEXT    NOT NULL,
  indicator TEXT    NOT NULL,
  payload   TEXT    NOT NULL CHECK (payload GLOB '{*}'),
  at        TEXT    NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
  prev      TEXT    NOT NULL CHECK (length(prev) IN (0, 64)),
  hash      TEXT    NOT NULL CHECK (length(hash) = 64),
  PRIMARY KEY (panel, author, seq),
  UNIQUE (panel, author, event_id)
) STRICT;

CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

-- INSERT OR REPLACE removes the old row without the trigger above, so keys are checked here.
CREATE TRIGGER event_continues_its_chain BEFORE INSERT ON event
BEGIN
  SELECT RAISE(ABORT, 'the event does not continue the chain of its author')
  WHERE (NEW.seq, NEW.prev) IS NOT (
    SELECT coalesce(max(seq), 0) + 1, coalesce((
      SELECT hash FROM event WHERE panel = NEW.panel AND author = NEW.author
      ORDER BY seq DESC LIMIT 1), '')
    FROM event WHERE panel = NEW.panel AND author = NEW.author);
  SELECT RAISE(ABORT, 'the event id is already used')
  WHERE EXISTS (SELECT 1 FROM event
    WHERE panel = NEW.panel AND author = NEW.author AND event_id = NEW.event_id);
  SELECT RAISE(ABORT, 'the log belongs to another panel')
  WHERE NEW.panel <> (SELECT panel FROM log);
  SELECT RAISE(ABORT, 'the panel is locked')
  WHERE EXISTS (SELECT 1 FROM event WHERE panel = NEW.panel AND kind = 'lock');
END;

-- A panel has one lock, and finding it must not read the whole log.
CREATE UNIQUE INDEX event_lock ON event (panel) WHERE kind = 'lock';

-- What tells this log from every other one, also from another round of the same panel.
CREATE TABLE log (id TEXT NOT NULL CHECK (length(id) = 32), panel TEXT NOT NULL) STRICT;

PRAGMA application_id = 0x65766b74;
PRAGMA user_version = 1;
