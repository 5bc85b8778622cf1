-- Accounts, keys, heartbeats and the quarter-hour slots.
-- Rules obeyed from here on (docs/decisions/0003-citus-ready-schema.md): every unique key of a user's table holds user_id;
-- `users`, `server_settings`, `invitations` and `login_links` are reference tables; key lookup is a table of its own; no triggers.

CREATE TABLE users (
    id uuid PRIMARY KEY,
    username varchar(64) NOT NULL UNIQUE,
    display_name varchar(128),
    email varchar(256),
    avatar_url text,
    password_hash text,
    role varchar(8) NOT NULL DEFAULT 'member' CHECK (role IN ('owner', 'admin', 'member')),
    plan varchar(16) NOT NULL DEFAULT 'free',
    country varchar(64),
    timezone varchar(64) NOT NULL DEFAULT 'UTC',
    week_start smallint NOT NULL DEFAULT 1 CHECK (week_start BETWEEN 0 AND 6),
    bio text,
    website text,
    is_public boolean NOT NULL DEFAULT false,
    profile_show_languages boolean NOT NULL DEFAULT true,
    profile_show_projects boolean NOT NULL DEFAULT true,
    profile_show_activity boolean NOT NULL DEFAULT true,
    profile_show_plugins boolean NOT NULL DEFAULT true,
    profile_show_streak boolean NOT NULL DEFAULT true,
    available_for_hire boolean NOT NULL DEFAULT false,
    show_in_leaderboard boolean NOT NULL DEFAULT false,
    is_disabled boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN users.week_start IS '0 = Sunday … 6 = Saturday';

CREATE UNIQUE INDEX users_email_key ON users (lower(email)) WHERE email IS NOT NULL;

CREATE TABLE server_settings (
    name varchar(64) PRIMARY KEY,
    value jsonb NOT NULL
);

CREATE TABLE invitations (
    token_digest bytea PRIMARY KEY,
    created_by uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role varchar(8) NOT NULL DEFAULT 'member' CHECK (role IN ('admin', 'member')),
    note varchar(128) NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);

CREATE TABLE login_links (
    token_digest bytea PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);

CREATE TABLE web_sessions (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_digest bytea NOT NULL,
    user_agent text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, token_digest)
);

CREATE TABLE api_keys (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    id uuid NOT NULL,
    name varchar(128) NOT NULL DEFAULT 'Default Key',
    key_prefix varchar(16) NOT NULL,
    key_hash varchar(72) NOT NULL,
    scope varchar(8) NOT NULL DEFAULT 'full' CHECK (scope IN ('ingest', 'read', 'full')),
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    PRIMARY KEY (user_id, id)
);

-- Which user a key belongs to, found by the part of it that is shown; spread by that part, not by user.
CREATE TABLE api_key_lookup (
    key_prefix varchar(16) PRIMARY KEY,
    owner_id uuid NOT NULL,
    key_id uuid NOT NULL
);

-- How a user's time is counted and what is kept. Its row is what orders the writes of one user.
CREATE TABLE activity_settings (
    user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    timeout_ms bigint NOT NULL DEFAULT 900000 CHECK (timeout_ms BETWEEN 60000 AND 7200000),
    wanted_timeout_ms bigint NOT NULL DEFAULT 900000 CHECK (wanted_timeout_ms BETWEEN 60000 AND 7200000),
    file_privacy varchar(4) NOT NULL DEFAULT 'keep' CHECK (file_privacy IN ('keep', 'hash', 'drop')),
    branch_privacy varchar(4) NOT NULL DEFAULT 'keep' CHECK (branch_privacy IN ('keep', 'hash', 'drop')),
    privacy_salt bytea NOT NULL,
    exclude_projects text[] NOT NULL DEFAULT '{}',
    exclude_file_patterns text[] NOT NULL DEFAULT '{}',
    retention_days integer CHECK (retention_days > 0),
    epoch bigint NOT NULL DEFAULT 0,
    revision bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
COMMENT ON COLUMN activity_settings.timeout_ms IS 'the timeout the slots are built with; wanted_timeout_ms is what the user chose last';
COMMENT ON COLUMN activity_settings.epoch IS 'raised whenever dictionary rows were removed or rewritten, so that no process trusts what it remembers of them';

COMMENT ON COLUMN activity_settings.revision IS 'raised by whatever writes of this user: what was computed from another revision is not written';

-- The dictionaries: what heartbeats share, told once. Ids are digests of the content, so no lookup is needed to write.
CREATE TABLE contexts (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    id bigint NOT NULL,
    tool varchar(64) NOT NULL,
    project varchar(256) NOT NULL,
    language varchar(64) NOT NULL,
    branch varchar(256) NOT NULL,
    activity_type varchar(64) NOT NULL,
    editor varchar(64) NOT NULL,
    os varchar(64) NOT NULL,
    machine varchar(128) NOT NULL,
    PRIMARY KEY (user_id, id)
);

CREATE TABLE lanes (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    id bigint NOT NULL,
    tool varchar(64) NOT NULL,
    machine varchar(128) NOT NULL,
    session varchar(128) NOT NULL,
    PRIMARY KEY (user_id, id)
);

CREATE TABLE files (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    id bigint NOT NULL,
    path text NOT NULL,
    PRIMARY KEY (user_id, id)
);

CREATE TABLE clients (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    id bigint NOT NULL,
    user_agent text NOT NULL,
    PRIMARY KEY (user_id, id)
);

CREATE TABLE heartbeats (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    "time" timestamptz NOT NULL,
    identity bigint NOT NULL,
    lane_id bigint NOT NULL,
    context_id bigint NOT NULL,
    file_id bigint,
    client_id bigint,
    cap_ms integer,
    lane_ms integer NOT NULL,
    active_ms integer NOT NULL,
    is_write boolean NOT NULL DEFAULT false,
    tokens_in bigint,
    tokens_out bigint,
    extra jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, "time", identity)
) WITH (fillfactor = 90);
COMMENT ON COLUMN heartbeats.cap_ms IS 'the most it can be credited: the declared duration, 0 when idle, null when nothing was declared';
COMMENT ON COLUMN heartbeats.lane_ms IS 'credit inside its lane: time until the next heartbeat of the lane, as the rules of time allow';
COMMENT ON COLUMN heartbeats.active_ms IS 'credit inside the whole stream of the user, all lanes merged';

CREATE INDEX heartbeats_lane ON heartbeats (user_id, lane_id, "time", identity);

CREATE TABLE activity_slots (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    slot integer NOT NULL,
    context_id bigint NOT NULL,
    lane_ms bigint NOT NULL,
    active_ms bigint NOT NULL,
    heartbeats integer NOT NULL,
    PRIMARY KEY (user_id, slot, context_id)
) WITH (fillfactor = 80);
COMMENT ON TABLE activity_slots IS 'credits summed by quarter-hour (slot = epoch seconds / 900) and context; a cache that verify can prove and rebuild can make anew';

CREATE TABLE jobs (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    id uuid NOT NULL,
    kind varchar(32) NOT NULL,
    state varchar(8) NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    arguments jsonb NOT NULL DEFAULT '{}',
    progress jsonb NOT NULL DEFAULT '{}',
    error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    touched_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, id)
);
