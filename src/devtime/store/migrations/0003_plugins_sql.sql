-- What plugins read and write, and how they are kept to one user's rows (docs/explanation/plugin-sql.md).
-- The rules of 0001 hold; `plugin_listings` is a reference table. Views and functions are in a schema of their own.

ALTER TABLE users ADD COLUMN deletion_requested_at timestamptz;
COMMENT ON COLUMN users.deletion_requested_at IS 'a plugin deleted the account then; it goes 7 days later unless that is undone';

CREATE TABLE plugin_listings (
    id uuid PRIMARY KEY,
    author_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name varchar(64) NOT NULL UNIQUE,
    display_name varchar(128) NOT NULL,
    description text,
    version varchar(16) NOT NULL DEFAULT '0.1.0',
    repository text,
    icon varchar(16) NOT NULL DEFAULT '🔌',
    plugin_type varchar(32) NOT NULL DEFAULT 'widget',
    widget_type varchar(32) NOT NULL DEFAULT 'counter',
    api_endpoint text,
    settings_schema jsonb,
    script text,
    is_published boolean NOT NULL DEFAULT true,
    is_banned boolean NOT NULL DEFAULT false,
    ban_reason text,
    install_count integer NOT NULL DEFAULT 0,
    avg_rating numeric(3, 2) NOT NULL DEFAULT 0,
    rating_count integer NOT NULL DEFAULT 0,
    has_external_access boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE installed_plugins (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    plugin_id uuid NOT NULL REFERENCES plugin_listings (id) ON DELETE CASCADE,
    installed_at timestamptz NOT NULL DEFAULT now(),
    accepted_version varchar(16),
    accepted_script text,
    PRIMARY KEY (user_id, plugin_id)
);

CREATE TABLE plugin_settings (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    plugin varchar(64) NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    settings jsonb NOT NULL DEFAULT '{}' CHECK (pg_column_size(settings) <= 65536),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, plugin)
);

CREATE TABLE plugin_reviews (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    plugin_id uuid NOT NULL REFERENCES plugin_listings (id) ON DELETE CASCADE,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    body text NOT NULL CHECK (char_length(body) <= 10000),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, plugin_id)
);

-- Told twice, once under each of the two, so that each finds their own on one node.
CREATE TABLE user_follows (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    follower_id uuid NOT NULL,
    following_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, follower_id, following_id),
    CHECK (follower_id <> following_id AND user_id IN (follower_id, following_id))
);

CREATE TABLE plugin_kv (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    plugin varchar(64) NOT NULL,
    key varchar(256) NOT NULL,
    value text NOT NULL,
    expires_at timestamptz,
    PRIMARY KEY (user_id, plugin, key)
) WITH (fillfactor = 80);

CREATE SCHEMA plugin_api;

-- One row: what identities are signed with. On Citus it is a plain table on each node, and binds_session is false there.
CREATE TABLE plugin_api.identity_key (
    secret bytea NOT NULL,
    binds_session boolean NOT NULL DEFAULT true
);
INSERT INTO plugin_api.identity_key (secret)
SELECT sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'));

-- Whose statement this is: devtime.identity holds user|expiry|signature, and only who knows the key can sign.
CREATE FUNCTION plugin_api.uid() RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    told text[] := string_to_array(current_setting('devtime.identity', true), '|');
    signed text;
    key record;
BEGIN
    SELECT k.secret, k.binds_session INTO STRICT key FROM plugin_api.identity_key k;
    signed := told[1] || '|' || told[2] || CASE WHEN key.binds_session THEN '|' || pg_backend_pid() ELSE '' END;
    IF array_length(told, 1) = 3
        AND encode(sha256(key.secret || sha256(key.secret || convert_to(signed, 'UTF8'))), 'hex') = told[3]
        AND told[2]::bigint > extract(epoch FROM now())
    THEN
        RETURN told[1]::uuid;
    END IF;
    RAISE insufficient_privilege USING MESSAGE = 'no user';
END
$$;

CREATE POLICY own ON users USING (id = plugin_api.uid())
    WITH CHECK (id = plugin_api.uid() AND (website IS NULL OR website LIKE 'http://%' OR website LIKE 'https://%')
        AND (bio IS NULL OR char_length(bio) <= 2000) AND (website IS NULL OR char_length(website) <= 500));
CREATE POLICY own ON api_keys USING (user_id = plugin_api.uid()) WITH CHECK (user_id = plugin_api.uid());
CREATE POLICY own ON contexts USING (user_id = plugin_api.uid()) WITH CHECK (user_id = plugin_api.uid());
CREATE POLICY own ON files USING (user_id = plugin_api.uid()) WITH CHECK (user_id = plugin_api.uid());
CREATE POLICY own ON heartbeats USING (user_id = plugin_api.uid()) WITH CHECK (user_id = plugin_api.uid());
CREATE POLICY own ON activity_slots USING (user_id = plugin_api.uid()) WITH CHECK (user_id = plugin_api.uid());
CREATE POLICY own ON installed_plugins USING (user_id = plugin_api.uid()) WITH CHECK (user_id = plugin_api.uid());
CREATE POLICY own ON plugin_settings USING (user_id = plugin_api.uid()) WITH CHECK (user_id = plugin_api.uid());
CREATE POLICY own ON plugin_reviews USING (user_id = plugin_api.uid()) WITH CHECK (user_id = plugin_api.uid());
CREATE POLICY own ON user_follows USING (user_id = plugin_api.uid()) WITH CHECK (user_id = plugin_api.uid());
CREATE POLICY published ON plugin_listings FOR SELECT USING (is_published AND NOT is_banned OR author_id = plugin_api.uid());

-- Every table is closed to whoever does not own it; one without a policy shows no row.
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE server_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE login_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE web_sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_key_lookup ENABLE ROW LEVEL SECURITY;
ALTER TABLE activity_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE contexts ENABLE ROW LEVEL SECURITY;
ALTER TABLE lanes ENABLE ROW LEVEL SECURITY;
ALTER TABLE files ENABLE ROW LEVEL SECURITY;
ALTER TABLE clients ENABLE ROW LEVEL SECURITY;
ALTER TABLE heartbeats ENABLE ROW LEVEL SECURITY;
ALTER TABLE activity_slots ENABLE ROW LEVEL SECURITY;
ALTER TABLE jobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_contexts ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_rates ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_slots ENABLE ROW LEVEL SECURITY;
ALTER TABLE plugin_listings ENABLE ROW LEVEL SECURITY;
ALTER TABLE installed_plugins ENABLE ROW LEVEL SECURITY;
ALTER TABLE plugin_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE plugin_reviews ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_follows ENABLE ROW LEVEL SECURITY;
ALTER TABLE plugin_kv ENABLE ROW LEVEL SECURITY;

-- The documented tables. What runs in them runs with the reader's rights, so the policies above hold.
-- A heartbeat's seconds are those between its instant and the end of its credit, both cut: so that sums do not drift.
CREATE VIEW plugin_api.heartbeats WITH (security_invoker = true) AS
SELECT (right('000000000000000' || to_hex((date_part('epoch', h."time") * 1000)::bigint), 16)
        || right('000000000000000' || to_hex(h.identity), 16))::uuid AS id,
    h.user_id, c.project, f.path AS file, nullif(c.language, '') AS language, nullif(c.branch, '') AS branch,
    h.extra ->> 'commit' AS "commit", h.extra ->> 'workspace_root' AS workspace_root,
    h.extra ->> 'package_path' AS package_path,
    (floor(date_part('epoch', h."time") + h.active_ms / 1000.0::float8 + 0.0005)
        - floor(date_part('epoch', h."time") + 0.0005))::integer AS duration_seconds,
    h.is_write, nullif(c.editor, '') AS editor, nullif(c.os, '') AS os, nullif(c.machine, '') AS machine,
    h."time" AS recorded_at, h.created_at, c.activity_type, h.tokens_in, h.tokens_out
FROM devtime.heartbeats h
LEFT JOIN devtime.contexts c ON c.user_id = h.user_id AND c.id = h.context_id
LEFT JOIN devtime.files f ON f.user_id = h.user_id AND f.id = h.file_id;

CREATE VIEW plugin_api.projects WITH (security_invoker = true) AS
SELECT md5(s.user_id::text || c.project)::uuid AS id, s.user_id, c.project AS name,
    (sum(s.active_ms) / 1000)::bigint AS total_seconds, sum(s.heartbeats)::bigint AS heartbeats,
    to_timestamp(min(s.slot) * 900.0) AS first_active_at, to_timestamp(max(s.slot) * 900.0) AS last_active_at
FROM devtime.activity_slots s JOIN devtime.contexts c ON c.user_id = s.user_id AND c.id = s.context_id
GROUP BY s.user_id, c.project;

CREATE VIEW plugin_api.daily_stats_cache WITH (security_invoker = true) AS
SELECT d.user_id, d.date, (sum(d.ms) / 1000)::bigint AS total_seconds,
    (array_agg(d.language ORDER BY d.language_ms DESC, d.language) FILTER (WHERE d.language <> ''))[1] AS top_language,
    (array_agg(d.project ORDER BY d.project_ms DESC, d.project))[1] AS top_project, now() AS computed_at
FROM (
    SELECT s.user_id, (to_timestamp(s.slot * 900.0) AT TIME ZONE u.timezone)::date AS date, c.language, c.project,
        sum(s.active_ms) AS ms,
        sum(sum(s.active_ms)) OVER (
            PARTITION BY s.user_id, (to_timestamp(s.slot * 900.0) AT TIME ZONE u.timezone)::date, c.language
        ) AS language_ms,
        sum(sum(s.active_ms)) OVER (
            PARTITION BY s.user_id, (to_timestamp(s.slot * 900.0) AT TIME ZONE u.timezone)::date, c.project
        ) AS project_ms
    FROM devtime.activity_slots s
    JOIN devtime.contexts c ON c.user_id = s.user_id AND c.id = s.context_id
    JOIN devtime.users u ON u.id = s.user_id
    GROUP BY s.user_id, 2, c.language, c.project
) d
GROUP BY d.user_id, d.date;

CREATE VIEW plugin_api.plugin_store WITH (security_invoker = true) AS
SELECT id, author_id, name, display_name, description, version, repository, is_published, created_at, updated_at, icon,
    widget_type, api_endpoint, settings_schema, is_banned, ban_reason, install_count, script, avg_rating, rating_count,
    has_external_access, plugin_type
FROM devtime.plugin_listings;

CREATE VIEW plugin_api.users WITH (security_invoker = true) AS
SELECT id, username, display_name, email, avatar_url, NULL::varchar(64) AS github_id, NULL::varchar(64) AS gitlab_id, plan,
    is_public, country, timezone, created_at, updated_at, role <> 'member' AS is_admin,
    NULL::timestamptz AS plan_expires_at, NULL::varchar(16) AS account_number, false AS is_anonymous, bio, website,
    profile_show_languages, profile_show_projects, profile_show_activity, profile_show_plugins, profile_show_streak,
    available_for_hire, show_in_leaderboard
FROM devtime.users;

CREATE VIEW plugin_api.api_keys WITH (security_invoker = true) AS
SELECT id, user_id, name, key_prefix, scope, last_used_at, created_at FROM devtime.api_keys;

-- Gives a role what plugins may do, and nothing else. Called again it changes nothing.
CREATE FUNCTION plugin_api.admit(role name) RETURNS void LANGUAGE plpgsql AS $$
DECLARE statement text;
BEGIN
    FOREACH statement IN ARRAY ARRAY[
        'GRANT USAGE ON SCHEMA devtime, plugin_api TO %I',
        'GRANT EXECUTE ON FUNCTION plugin_api.uid() TO %I',
        'GRANT SELECT ON plugin_api.heartbeats, plugin_api.projects, plugin_api.daily_stats_cache, plugin_api.plugin_store, plugin_api.users, plugin_api.api_keys TO %I',
        'GRANT SELECT ON devtime.contexts, devtime.files, devtime.activity_slots, devtime.heartbeats, devtime.plugin_listings, devtime.installed_plugins, devtime.plugin_settings, devtime.plugin_reviews, devtime.user_follows TO %I',
        'GRANT SELECT (id, username, display_name, email, avatar_url, plan, is_public, country, timezone, created_at, updated_at, role, bio, website, profile_show_languages, profile_show_projects, profile_show_activity, profile_show_plugins, profile_show_streak, available_for_hire, show_in_leaderboard) ON devtime.users TO %I',
        'GRANT UPDATE (display_name, bio, website, country, available_for_hire, updated_at, deletion_requested_at) ON devtime.users TO %I',
        'GRANT SELECT (id, user_id, name, key_prefix, scope, last_used_at, created_at), UPDATE (name) ON devtime.api_keys TO %I',
        'GRANT INSERT, DELETE, UPDATE (settings, updated_at) ON devtime.plugin_settings TO %I',
        'GRANT INSERT, DELETE, UPDATE (body) ON devtime.plugin_reviews TO %I'
    ] LOOP
        EXECUTE format(statement, role);
    END LOOP;
END
$$;
REVOKE ALL ON FUNCTION plugin_api.uid() FROM PUBLIC;
REVOKE ALL ON FUNCTION plugin_api.admit(name) FROM PUBLIC;

DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'devtime_plugin') THEN
        PERFORM plugin_api.admit('devtime_plugin');
    END IF;
END $$;
