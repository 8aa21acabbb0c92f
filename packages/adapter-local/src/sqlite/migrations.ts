/** Marks a database file as ours: `orch` in ASCII. */
export const applicationId = 0x6f726368

/**
 * The steps that lead from an empty database to the present schema; `user_version` counts those that were taken. A step that was ever
 * released is never changed: append another.
 *
 * The JSON columns are the truth. What people query beside them (`state`, `phase`, `attempt`, `owner`) is computed from
 * them by SQLite, and the two counters in `store` are kept by triggers, so that neither can be forgotten, not even by an edit by hand.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE store (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id TEXT NOT NULL,
    revision INTEGER NOT NULL, -- what claims depend on
    changes INTEGER NOT NULL -- everything that a snapshot shows
  ) STRICT;
  INSERT INTO store VALUES (1, lower(hex(randomblob(8))), 0, 0);

  CREATE TABLE tasks (
    ordinal INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    task TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    state TEXT GENERATED ALWAYS AS (json_extract(task, '$.state')) VIRTUAL,
    establishes TEXT GENERATED ALWAYS AS (json_extract(task, '$.establishes')) VIRTUAL
  ) STRICT;
  CREATE INDEX tasks_open ON tasks (id) WHERE state = 'open';
  CREATE INDEX tasks_establish ON tasks (establishes) WHERE establishes IS NOT NULL;
  CREATE TABLE additions (key TEXT PRIMARY KEY, ids TEXT NOT NULL) STRICT;

  CREATE TABLE runs (
    ordinal INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    claim TEXT NOT NULL,
    state TEXT NOT NULL,
    phase TEXT GENERATED ALWAYS AS (json_extract(state, '$.phase')) VIRTUAL,
    attempt INTEGER GENERATED ALWAYS AS (json_extract(state, '$.run.attempt')) VIRTUAL,
    owner TEXT GENERATED ALWAYS AS (json_extract(state, '$.run.owner')) VIRTUAL
  ) STRICT;
  CREATE INDEX runs_live ON runs (id) WHERE phase <> 'closed';

  CREATE TABLE requests (
    ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    id TEXT NOT NULL,
    request TEXT, -- NULL once it was answered: the key stays, so that a late repetition is none
    asked_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ'))
  ) STRICT;
  CREATE INDEX requests_pending ON requests (id) WHERE request IS NOT NULL;

  CREATE TABLE beats (
    owner TEXT PRIMARY KEY,
    beat INTEGER NOT NULL,
    lease_ms INTEGER NOT NULL,
    process TEXT NOT NULL
  ) STRICT;

  CREATE VIEW named (id) AS
    SELECT depends.value FROM tasks, json_each(tasks.task, '$.dependsOn') AS depends WHERE tasks.state = 'open'
    UNION SELECT json_extract(task, '$.stackedOn') FROM tasks WHERE state = 'open'
    UNION SELECT id FROM tasks WHERE establishes IS NOT NULL AND establishes IN (
      SELECT follows.value FROM tasks, json_each(tasks.task, '$.follows') AS follows WHERE tasks.state = 'open'
    );
  CREATE VIEW wanted (id) AS
    SELECT id FROM tasks WHERE state = 'open'
    UNION SELECT id FROM named
    UNION SELECT id FROM runs WHERE phase <> 'closed'
    UNION SELECT id FROM requests WHERE request IS NOT NULL;

  CREATE TRIGGER task_added AFTER INSERT ON tasks BEGIN
    UPDATE store SET revision = revision + 1, changes = changes + 1;
  END;
  CREATE TRIGGER task_changed AFTER UPDATE OF id, task ON tasks BEGIN
    UPDATE store SET revision = revision + 1, changes = changes + 1;
  END;
  CREATE TRIGGER task_gone AFTER DELETE ON tasks BEGIN
    UPDATE store SET revision = revision + 1, changes = changes + 1;
  END;
  CREATE TRIGGER run_added AFTER INSERT ON runs BEGIN
    UPDATE store SET revision = revision + 1, changes = changes + 1;
  END;
  CREATE TRIGGER run_changed AFTER UPDATE ON runs BEGIN
    UPDATE store SET revision = revision + (old.claim <> new.claim), changes = changes + 1;
  END;
  CREATE TRIGGER run_gone AFTER DELETE ON runs BEGIN
    UPDATE store SET revision = revision + 1, changes = changes + 1;
  END;
  CREATE TRIGGER request_added AFTER INSERT ON requests BEGIN UPDATE store SET changes = changes + 1; END;
  CREATE TRIGGER request_changed AFTER UPDATE ON requests BEGIN UPDATE store SET changes = changes + 1; END;
  CREATE TRIGGER request_gone AFTER DELETE ON requests BEGIN UPDATE store SET changes = changes + 1; END;
  `,
  `
  CREATE TABLE board (
    ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    author TEXT NOT NULL,
    text TEXT NOT NULL,
    at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),
    cleared INTEGER NOT NULL DEFAULT 0 -- the key stays, so that a late repetition does not put it up again
  ) STRICT;
  `,
  'ALTER TABLE store ADD COLUMN paused INTEGER NOT NULL DEFAULT 0',
]
