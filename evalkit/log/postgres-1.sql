-- The log of many rounds in one PostgreSQL database, for accounts that may run any SQL.
-- Everything belongs to the role "evalkit", which nobody logs in as. Members of a panel have no
-- right on any table but to insert into a few columns of event, and to see number, time and hash
-- of what they may read; all else goes through the functions at the end. See chain.py for the hash.

CREATE TABLE evalkit.panel (
  id     text PRIMARY KEY,
  log    text NOT NULL CHECK (length(log) = 32), -- tells this log from every other one
  digest text NOT NULL CHECK (length(digest) = 64),
  rubric text NOT NULL CHECK (length(rubric) = 64),
  step   numeric NOT NULL CHECK (step > 0),
  opens  timestamptz, -- null unless the schedule is enforced
  closes timestamptz,
  takes_back boolean NOT NULL, -- whether an expert may take a submitted sheet back
  locked boolean NOT NULL DEFAULT false
);

CREATE TABLE evalkit.file (
  panel   text NOT NULL REFERENCES evalkit.panel,
  name    text NOT NULL,
  content bytea NOT NULL,
  PRIMARY KEY (panel, name)
);

CREATE TABLE evalkit.person (
  panel text NOT NULL REFERENCES evalkit.panel,
  id    text NOT NULL,
  part  text NOT NULL CHECK (part IN ('expert', 'chair', 'secretary')),
  quota bigint NOT NULL CHECK (quota > 0), -- most events
  role  name UNIQUE, -- the account; null without one
  PRIMARY KEY (panel, id)
);

CREATE TABLE evalkit.applicant (
  panel text NOT NULL REFERENCES evalkit.panel,
  id    text NOT NULL,
  PRIMARY KEY (panel, id)
);

-- What may be scored, and within which points; zero: 0 is allowed below the least.
CREATE TABLE evalkit.field (
  panel     text NOT NULL,
  applicant text NOT NULL,
  indicator text NOT NULL,
  low       numeric NOT NULL,
  high      numeric NOT NULL,
  zero      boolean NOT NULL,
  PRIMARY KEY (panel, applicant, indicator),
  FOREIGN KEY (panel, applicant) REFERENCES evalkit.applicant
);

-- A row for each applicant that an expert is assigned to and free to score. What the expert
-- entered up to the number "revealed" was submitted once.
CREATE TABLE evalkit.sheet (
  panel     text NOT NULL,
  expert    text NOT NULL,
  applicant text NOT NULL,
  submitted boolean NOT NULL DEFAULT false,
  barred    boolean NOT NULL DEFAULT false, -- a conflict that was stated since
  revealed  bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (panel, expert, applicant),
  FOREIGN KEY (panel, expert) REFERENCES evalkit.person,
  FOREIGN KEY (panel, applicant) REFERENCES evalkit.applicant
);

-- The last event of each author. Whoever writes holds its row until the end of the transaction; the
-- lock changes all of them, so that no transaction, however old its snapshot, writes after it.
CREATE TABLE evalkit.chain (
  panel  text NOT NULL,
  author text NOT NULL,
  seq    bigint NOT NULL DEFAULT 0,
  hash   text NOT NULL DEFAULT '',
  open   boolean NOT NULL DEFAULT true,
  PRIMARY KEY (panel, author),
  FOREIGN KEY (panel, author) REFERENCES evalkit.person
);

CREATE SEQUENCE evalkit.event_id;

CREATE TABLE evalkit.event (
  id        bigint NOT NULL UNIQUE,
  panel     text   NOT NULL,
  author    text   NOT NULL,
  seq       bigint NOT NULL CHECK (seq >= 1),
  event_id  text   NOT NULL CHECK (event_id <> ''),
  kind      text   NOT NULL CHECK (kind <> ''),
  applicant text   NOT NULL DEFAULT '',
  indicator text   NOT NULL DEFAULT '',
  payload   text   NOT NULL DEFAULT '{}',
  at        text   NOT NULL,
  prev      text   NOT NULL CHECK (length(prev) IN (0, 64)),
  hash      text   NOT NULL CHECK (length(hash) = 64),
  stored_by name   NOT NULL,
  PRIMARY KEY (panel, author, seq),
  UNIQUE (panel, author, event_id)
);

-- Without statistics the planner's estimates tell nothing of rows that one may not read.
ALTER TABLE evalkit.event
  ALTER id SET STATISTICS 0, ALTER panel SET STATISTICS 0, ALTER author SET STATISTICS 0,
  ALTER seq SET STATISTICS 0, ALTER event_id SET STATISTICS 0, ALTER kind SET STATISTICS 0,
  ALTER applicant SET STATISTICS 0, ALTER indicator SET STATISTICS 0,
  ALTER payload SET STATISTICS 0, ALTER at SET STATISTICS 0, ALTER prev SET STATISTICS 0,
  ALTER hash SET STATISTICS 0, ALTER stored_by SET STATISTICS 0;

CREATE FUNCTION evalkit.refuse(why text) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'EK001', MESSAGE = why;
END $$;

CREATE FUNCTION evalkit.never() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM evalkit.refuse('append-only');
  RETURN NULL;
END $$;

CREATE TRIGGER event_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON evalkit.event
FOR EACH STATEMENT EXECUTE FUNCTION evalkit.never();

-- Who the session is in a panel: a person with a part, or one who administers the schema.
CREATE FUNCTION evalkit.person_of(in_panel text) RETURNS evalkit.person
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found evalkit.person;
BEGIN
  SELECT * INTO found FROM evalkit.person p WHERE p.panel = in_panel AND p.role = session_user;
  RETURN found;
END $$;

CREATE FUNCTION evalkit.administers() RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN pg_has_role(session_user, 'evalkit', 'MEMBER');
END $$;

-- Whether the session may read a whole event of somebody else. A sheet is the expert's own until it
-- is submitted; a chair who scores the applicant as well reads it after submitting once. The panel reads
-- what the office records for all, and what concerns the reader. What is written to the secretary
-- is for nobody else. After the lock the office reads all, as the root covers all.
CREATE FUNCTION evalkit.reads(
  me evalkit.person, locked boolean, kind text, indicator text, office boolean, revealed boolean,
  own_open boolean
) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ -- put into the queries that ask it
  SELECT CASE (me).part
    WHEN 'secretary' THEN locked OR revealed
      OR kind NOT IN ('score', 'unscored', 'recusal', 'clear', 'remark')
    WHEN 'chair' THEN locked OR (revealed AND NOT own_open)
      OR kind NOT IN ('score', 'unscored', 'recusal', 'clear', 'remark', 'message')
    WHEN 'expert' THEN office AND (
      kind IN ('lock', 'measure', 'answer', 'gate', 'recognition', 'discussion')
      OR (kind IN ('reopen', 'assignment', 'conflict', 'commitment') AND indicator = (me).id)
      OR (kind = 'opinion' AND locked))
    ELSE false
  END
$$;

CREATE FUNCTION evalkit.sees(
  in_panel text, in_author text, in_kind text, in_applicant text, in_indicator text, in_seq bigint,
  in_stored_by name
) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me evalkit.person := evalkit.person_of(in_panel);
BEGIN
  IF me.id = in_author OR evalkit.administers() THEN
    RETURN true;
  END IF;
  RETURN me.id IS NOT NULL AND EXISTS (
    SELECT FROM evalkit.panel p JOIN evalkit.person w ON w.panel = p.id AND w.id = in_author
    WHERE p.id = in_panel AND (in_stored_by = session_user OR evalkit.reads(
      me, p.locked, in_kind, in_indicator, w.part <> 'expert',
      EXISTS (SELECT FROM evalkit.sheet s WHERE s.panel = in_panel AND s.expert = in_author
        AND s.applicant = in_applicant AND s.revealed >= in_seq),
      EXISTS (SELECT FROM evalkit.sheet s WHERE s.panel = in_panel AND s.expert = me.id
        AND s.applicant = in_applicant AND s.revealed = 0 AND NOT s.barred))));
END $$;

ALTER TABLE evalkit.event ENABLE ROW LEVEL SECURITY;

CREATE POLICY reading ON evalkit.event FOR SELECT
USING (evalkit.sees(panel, author, kind, applicant, indicator, seq, stored_by));

CREATE POLICY writing ON evalkit.event FOR INSERT
WITH CHECK ((evalkit.person_of(panel)).id = author OR (evalkit.person_of(panel)).part = 'secretary');

-- A payload in its one canonical form: a flat object of texts, keys in order (RFC 8785).
CREATE FUNCTION evalkit.canonical(payload text, most_keys integer, most_text integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found jsonb;
  bad   boolean;
BEGIN
  IF octet_length(payload) > most_keys * most_text * 4 THEN
    PERFORM evalkit.refuse('too long');
  END IF;
  BEGIN
    found := payload::jsonb;
  EXCEPTION WHEN OTHERS THEN
    PERFORM evalkit.refuse('no payload');
  END;
  IF found IS NULL OR jsonb_typeof(found) <> 'object' THEN
    PERFORM evalkit.refuse('no payload');
  END IF;
  SELECT bool_or(jsonb_typeof(value) <> 'string' OR key !~ '^[a-z][a-z0-9_]{0,31}$'
      OR value #>> '{}' ~ '[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]') INTO bad FROM jsonb_each(found);
  IF bad THEN
    PERFORM evalkit.refuse('no payload');
  END IF;
  SELECT count(*) > most_keys OR max(char_length(value #>> '{}')) > most_text INTO bad
  FROM jsonb_each(found);
  IF bad THEN
    PERFORM evalkit.refuse('too long');
  END IF;
  RETURN coalesce((SELECT '{' || string_agg(to_json(key)::text || ':' || to_json(value)::text, ','
      ORDER BY key COLLATE "C") || '}' FROM jsonb_each_text(found)), '{}');
END $$;

CREATE FUNCTION evalkit.root(in_panel text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT encode(sha256(convert_to(coalesce(string_agg(line, '' ORDER BY line COLLATE "C"), ''),
    'UTF8')), 'hex')
  FROM (SELECT author || ' ' || seq || ' ' || hash || E'\n' AS line FROM evalkit.chain
    WHERE panel = in_panel AND seq > 0) lines
$$;

-- What an expert enters on a sheet: assigned, free of conflict, not submitted, in time, in range.
CREATE FUNCTION evalkit.admit_sheet(e evalkit.event, p evalkit.panel, typed boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  s      evalkit.sheet;
  f      evalkit.field;
  given  text := e.payload::jsonb ->> 'points';
  points numeric;
BEGIN
  SELECT * INTO s FROM evalkit.sheet
  WHERE panel = e.panel AND expert = e.author AND applicant = e.applicant FOR SHARE;
  IF s.panel IS NULL OR s.barred THEN
    PERFORM evalkit.refuse('not assigned');
  END IF;
  IF s.submitted THEN
    PERFORM evalkit.refuse('submitted');
  END IF;
  IF NOT typed AND (clock_timestamp() < p.opens OR clock_timestamp() > p.closes) THEN
    PERFORM evalkit.refuse('closed');
  END IF;
  IF e.kind IN ('submit', 'remark', 'dispute') THEN
    RETURN;
  END IF;
  SELECT * INTO f FROM evalkit.field
  WHERE panel = e.panel AND applicant = e.applicant AND indicator = e.indicator;
  IF f.panel IS NULL THEN
    PERFORM evalkit.refuse('no field');
  END IF;
  IF e.kind <> 'score' THEN
    RETURN;
  END IF;
  IF given IS NULL OR given !~ '^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,12})?$' THEN
    PERFORM evalkit.refuse('no points');
  END IF;
  points := given::numeric;
  IF points % p.step <> 0 OR NOT (points BETWEEN f.low AND f.high OR (f.zero AND points = 0)) THEN
    PERFORM evalkit.refuse('no points');
  END IF;
END $$;

-- What changes the state by which others are admitted.
CREATE FUNCTION evalkit.admit_act(e evalkit.event, p evalkit.panel) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CASE e.kind
  WHEN 'lock' THEN
    -- the heads as nobody can change them any more
    UPDATE evalkit.chain SET open = false WHERE panel = e.panel;
    IF e.payload::jsonb ->> 'root' IS DISTINCT FROM evalkit.root(e.panel)
      OR e.payload::jsonb ->> 'panel' IS DISTINCT FROM p.digest
      OR e.payload::jsonb ->> 'rubric' IS DISTINCT FROM p.rubric THEN
      PERFORM evalkit.refuse('another root');
    END IF;
    UPDATE evalkit.panel SET locked = true WHERE id = e.panel;
  WHEN 'reopen' THEN
    UPDATE evalkit.sheet SET submitted = false
    WHERE panel = e.panel AND expert = e.indicator AND applicant = e.applicant AND submitted;
    IF NOT FOUND THEN
      PERFORM evalkit.refuse('not submitted');
    END IF;
  WHEN 'withdraw' THEN
    UPDATE evalkit.sheet SET submitted = false WHERE panel = e.panel AND expert = e.author
      AND applicant = e.applicant AND submitted AND p.takes_back
      AND clock_timestamp() BETWEEN coalesce(p.opens, '-infinity')
        AND coalesce(p.closes, 'infinity');
    IF NOT FOUND THEN
      PERFORM evalkit.refuse('not taken back');
    END IF;
  WHEN 'conflict' THEN
    UPDATE evalkit.sheet SET barred = true
    WHERE panel = e.panel AND expert = e.indicator AND applicant = e.applicant;
  WHEN 'assignment' THEN
    INSERT INTO evalkit.sheet (panel, expert, applicant)
    SELECT e.panel, id, e.applicant FROM evalkit.person
    WHERE panel = e.panel AND id = e.indicator AND part <> 'secretary'
    ON CONFLICT DO NOTHING;
  ELSE
    NULL;
  END CASE;
END $$;

-- The wall: whatever is inserted, by whomever and however, is stored as this says or not at all.
CREATE FUNCTION evalkit.admit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me     evalkit.person := evalkit.person_of(NEW.panel);
  own    evalkit.person;
  p      evalkit.panel;
  head   evalkit.chain;
  typed  boolean;
  sheets constant text[] :=
    ARRAY['score', 'unscored', 'recusal', 'clear', 'submit', 'remark', 'dispute'];
BEGIN
  IF (me).id IS NULL THEN
    PERFORM evalkit.refuse('no member');
  END IF;
  NEW.author := coalesce(NEW.author, (me).id);
  SELECT * INTO own FROM evalkit.person WHERE panel = NEW.panel AND id = NEW.author;
  SELECT * INTO head FROM evalkit.chain
  WHERE panel = NEW.panel AND author = NEW.author FOR UPDATE;
  IF head.panel IS NULL THEN
    PERFORM evalkit.refuse('no member');
  END IF;
  SELECT * INTO p FROM evalkit.panel WHERE id = NEW.panel;
  IF NOT head.open OR p.locked THEN
    PERFORM evalkit.refuse('locked');
  END IF;
  IF head.seq >= own.quota THEN
    PERFORM evalkit.refuse('quota');
  END IF;
  IF (me).part = 'expert' OR NEW.kind = ANY (sheets) THEN
    NEW.payload := evalkit.canonical(NEW.payload, 8, 4000);
  ELSE
    NEW.payload := evalkit.canonical(NEW.payload, 40, 100000);
  END IF;
  typed := NEW.kind = ANY (sheets) AND NEW.payload::jsonb ?| ARRAY['typed_by', 'source'];
  -- a sheet on paper is typed in by the secretary, who says so, in the name of its expert
  IF NEW.author <> (me).id OR typed THEN
    IF (me).part <> 'secretary' OR own.part = 'secretary' OR NOT NEW.kind = ANY (sheets)
      OR btrim(coalesce(NEW.payload::jsonb ->> 'typed_by', '')) = ''
      OR btrim(coalesce(NEW.payload::jsonb ->> 'source', '')) = '' THEN
      PERFORM evalkit.refuse('another author');
    END IF;
  ELSIF NOT NEW.kind = ANY (CASE (me).part
      WHEN 'secretary' THEN ARRAY['measure', 'gate', 'answer', 'recognition', 'reopen', 'opinion',
        'discussion', 'assignment', 'conflict', 'commitment', 'lock']
      ELSE sheets || ARRAY['withdraw', 'message', 'conflict', 'commitment']
        || CASE (me).part WHEN 'chair'
          THEN ARRAY['recognition', 'reopen', 'opinion', 'discussion'] ELSE ARRAY[]::text[] END
      END) THEN
    PERFORM evalkit.refuse('another kind');
  END IF;
  IF NEW.kind IN ('conflict', 'commitment') AND (me).part <> 'secretary'
    AND NEW.indicator IS DISTINCT FROM (me).id THEN
    PERFORM evalkit.refuse('another author');
  END IF;
  IF char_length(NEW.event_id) NOT BETWEEN 1 AND 64 OR NEW.event_id ~ '[\x01-\x1f\x7f]'
    OR char_length(NEW.indicator) > 130 OR NEW.indicator ~ '[\x01-\x1f\x7f]' THEN
    PERFORM evalkit.refuse('no id');
  END IF;
  IF NEW.applicant <> '' AND NOT EXISTS (SELECT FROM evalkit.applicant a
      WHERE a.panel = NEW.panel AND a.id = NEW.applicant) THEN
    PERFORM evalkit.refuse('no applicant');
  END IF;
  IF NEW.kind = ANY (sheets) THEN
    PERFORM evalkit.admit_sheet(NEW, p, typed);
  ELSE
    PERFORM evalkit.admit_act(NEW, p);
  END IF;
  IF NEW.kind = 'submit' THEN
    UPDATE evalkit.sheet SET submitted = true, revealed = head.seq + 1
    WHERE panel = NEW.panel AND expert = NEW.author AND applicant = NEW.applicant;
  END IF;
  NEW.id := nextval('evalkit.event_id');
  NEW.seq := head.seq + 1;
  NEW.prev := head.hash;
  NEW.at := to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
  NEW.stored_by := session_user;
  NEW.hash := encode(sha256(convert_to(concat_ws(E'\n', 'evalkit-event/1', NEW.panel, NEW.author,
    NEW.seq, NEW.event_id, NEW.kind, NEW.applicant, NEW.indicator, NEW.payload, NEW.at,
    NEW.prev), 'UTF8')), 'hex');
  UPDATE evalkit.chain SET seq = NEW.seq, hash = NEW.hash
  WHERE panel = NEW.panel AND author = NEW.author;
  RETURN NEW;
END $$;

CREATE TRIGGER event_is_admitted BEFORE INSERT ON evalkit.event
FOR EACH ROW EXECUTE FUNCTION evalkit.admit();

-- What members may call.

-- The panels in which the session has a part, or all for those who administer them.
CREATE FUNCTION evalkit.rounds() RETURNS TABLE (panel text, log text, person text, part text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.id, p.log, (me).id, (me).part FROM evalkit.panel p, evalkit.person_of(p.id) me
  WHERE (me).id IS NOT NULL OR evalkit.administers() ORDER BY p.id
$$;

CREATE FUNCTION evalkit.files(in_panel text) RETURNS TABLE (name text, content bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT f.name, f.content FROM evalkit.file f WHERE f.panel = in_panel
  AND (evalkit.administers() OR (evalkit.person_of(in_panel)).id IS NOT NULL) ORDER BY f.name
$$;

-- Before reading what an entry has to fit to: the own chain is held, by the secretary all of them.
CREATE FUNCTION evalkit.begin(in_panel text) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me evalkit.person := evalkit.person_of(in_panel);
BEGIN
  PERFORM FROM evalkit.chain c
  WHERE c.panel = in_panel AND ((me).part = 'secretary' OR c.author = (me).id)
  ORDER BY c.author FOR UPDATE;
  IF NOT FOUND THEN
    PERFORM evalkit.refuse('no member');
  END IF;
  RETURN clock_timestamp();
END $$;

-- Events behind the number that is known of each author: whole where they may be read, otherwise
-- with what a chain needs. The office also learns where an expert has entered or cleared something;
-- the panel learns nothing of peers, and of the office only that its chains go on. After the lock
-- everybody gets all hashes, so that everybody can compute the root.
CREATE FUNCTION evalkit.events(in_panel text, authors text[], seqs bigint[]) RETURNS TABLE (
  id bigint, whole boolean, author text, seq bigint, event_id text, kind text, applicant text,
  indicator text, payload text, at text, prev text, hash text)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100 SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  me     evalkit.person := evalkit.person_of(in_panel);
  admin  boolean := evalkit.administers();
  office boolean := admin OR me.part IN ('secretary', 'chair');
  closed boolean;
BEGIN
  SELECT p.locked INTO closed FROM evalkit.panel p WHERE p.id = in_panel;
  RETURN QUERY
  SELECT x.id, x.whole, x.author, x.seq,
    CASE WHEN x.whole THEN x.event_id ELSE '' END,
    CASE WHEN x.whole OR (placed AND x.kind = 'clear') THEN x.kind ELSE 'withheld' END,
    CASE WHEN x.whole OR placed THEN x.applicant ELSE '' END,
    CASE WHEN x.whole OR placed THEN x.indicator ELSE '' END,
    CASE WHEN x.whole THEN x.payload WHEN placed AND x.kind = 'clear' THEN '{"text":""}'
      ELSE '{}' END,
    CASE WHEN x.whole THEN x.at ELSE '' END, x.prev, x.hash
  FROM (
    SELECT e.*,
      office AND e.kind IN ('score', 'unscored', 'recusal', 'clear') AS placed,
      admin OR me.id = e.author OR e.stored_by = session_user OR evalkit.reads(
        me, closed, e.kind, e.indicator, w.part <> 'expert', coalesce(s.revealed >= e.seq, false),
        coalesce(o.revealed = 0 AND NOT o.barred, false)) AS whole
    FROM evalkit.person w
    LEFT JOIN unnest(authors, seqs) k (author, seq) ON k.author = w.id
    -- by its key, author for author: nothing else may come of so little known of the table
    CROSS JOIN LATERAL (SELECT * FROM evalkit.event v WHERE v.panel = in_panel
      AND v.author = w.id AND v.seq > coalesce(k.seq, 0) OFFSET 0) e
    LEFT JOIN evalkit.sheet s
      ON s.panel = in_panel AND s.expert = e.author AND s.applicant = e.applicant
    LEFT JOIN evalkit.sheet o
      ON o.panel = in_panel AND o.expert = me.id AND o.applicant = e.applicant
    WHERE w.panel = in_panel
      AND (office OR w.id = me.id OR (me.part = 'expert' AND (w.part <> 'expert' OR closed)))
  ) x ORDER BY x.id;
END $$;

REVOKE ALL ON ALL TABLES IN SCHEMA evalkit FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA evalkit FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA evalkit FROM PUBLIC;
