-- Hooks of lifecycle plugins (docs/decisions/0014-hooks-from-a-queue.md). The rules of 0001 hold.

-- What was recorded while a plugin listens; the user's revision orders it as it was committed.
CREATE TABLE plugin_events (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    revision bigint NOT NULL,
    times timestamptz[] NOT NULL,
    identities bigint[] NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, revision)
);
COMMENT ON COLUMN plugin_events.times IS 'with identities: the keys of the heartbeats that were new';

-- Where the hooks of one plugin and user stand. A lease keeps a run to one process.
CREATE TABLE plugin_runs (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    plugin_id uuid NOT NULL REFERENCES plugin_listings (id) ON DELETE CASCADE,
    script_digest bytea,
    looked_at timestamptz,
    is_installing boolean NOT NULL DEFAULT true,
    hears boolean NOT NULL DEFAULT true,
    cursor bigint NOT NULL DEFAULT 0,
    done integer NOT NULL DEFAULT 0,
    next_tick_at timestamptz,
    rests_until timestamptz NOT NULL DEFAULT now(),
    lease uuid,
    leased_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    failures integer NOT NULL DEFAULT 0,
    trouble text,
    paused_at timestamptz,
    runs bigint NOT NULL DEFAULT 0,
    last_run_at timestamptz,
    lines bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, plugin_id),
    FOREIGN KEY (user_id, plugin_id) REFERENCES installed_plugins (user_id, plugin_id) ON DELETE CASCADE
) WITH (fillfactor = 60);
COMMENT ON COLUMN plugin_runs.script_digest IS 'of the script whose hooks are known';
COMMENT ON COLUMN plugin_runs.looked_at IS 'when its script was; NULL: never. A plugin published since is looked at again';
COMMENT ON COLUMN plugin_runs.cursor IS 'the last event whose heartbeats all were told; done of the next one were';
COMMENT ON COLUMN plugin_runs.attempts IS 'how often the present call was begun and lost with its sandbox';
COMMENT ON COLUMN plugin_runs.failures IS 'calls in a row that failed; too many pause the plugin for this user';
COMMENT ON COLUMN plugin_runs.lines IS 'lines its log ever had: the number of the newest';

-- What plugins wrote, a row a run. The newest 500 lines of a plugin and user are kept.
CREATE TABLE plugin_logs (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    plugin_id uuid NOT NULL,
    last_line bigint NOT NULL,
    at timestamptz NOT NULL,
    trigger varchar(80) NOT NULL,
    lines jsonb NOT NULL,
    PRIMARY KEY (user_id, plugin_id, last_line),
    FOREIGN KEY (user_id, plugin_id) REFERENCES plugin_runs (user_id, plugin_id) ON DELETE CASCADE
);
COMMENT ON COLUMN plugin_logs.lines IS 'an array of [level, text]';

ALTER TABLE plugin_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE plugin_runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE plugin_logs ENABLE ROW LEVEL SECURITY;
