-- Made by `make schema` from the migrations; edit those. Tables in an order in which they can be made.

CREATE TABLE api_key_lookup (
    key_prefix character varying(16) NOT NULL,
    owner_id uuid NOT NULL,
    key_id uuid NOT NULL,
    CONSTRAINT api_key_lookup_pkey PRIMARY KEY (key_prefix)
);

CREATE TABLE schema_migrations (
    number integer NOT NULL,
    name text NOT NULL,
    digest text NOT NULL,
    applied_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT schema_migrations_pkey PRIMARY KEY (number)
);

CREATE TABLE server_settings (
    name character varying(64) NOT NULL,
    value jsonb NOT NULL,
    CONSTRAINT server_settings_pkey PRIMARY KEY (name)
);

CREATE TABLE users (
    id uuid NOT NULL,
    username character varying(64) NOT NULL,
    display_name character varying(128),
    email character varying(256),
    avatar_url text,
    password_hash text,
    role character varying(8) NOT NULL DEFAULT 'member'::character varying,
    plan character varying(16) NOT NULL DEFAULT 'free'::character varying,
    country character varying(64),
    timezone character varying(64) NOT NULL DEFAULT 'UTC'::character varying,
    week_start smallint NOT NULL DEFAULT 1,
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
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    updated_at timestamp with time zone NOT NULL DEFAULT now(),
    deletion_requested_at timestamp with time zone,
    is_builtin boolean NOT NULL DEFAULT false,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_username_key UNIQUE (username),
    CONSTRAINT users_role_check CHECK (((role)::text = ANY ((ARRAY['owner'::character varying, 'admin'::character varying, 'member'::character varying])::text[]))),
    CONSTRAINT users_week_start_check CHECK (((week_start >= 0) AND (week_start <= 6)))
);
CREATE UNIQUE INDEX users_email_key ON users USING btree (lower((email)::text)) WHERE (email IS NOT NULL);
COMMENT ON COLUMN users.week_start IS '0 = Sunday … 6 = Saturday';
COMMENT ON COLUMN users.deletion_requested_at IS 'a plugin deleted the account then; it goes 7 days later unless that is undone';
COMMENT ON COLUMN users.is_builtin IS 'the author of what comes with DevTime: nobody can sign in as it';

CREATE TABLE activity_settings (
    user_id uuid NOT NULL,
    timeout_ms bigint NOT NULL DEFAULT 900000,
    wanted_timeout_ms bigint NOT NULL DEFAULT 900000,
    file_privacy character varying(4) NOT NULL DEFAULT 'keep'::character varying,
    branch_privacy character varying(4) NOT NULL DEFAULT 'keep'::character varying,
    privacy_salt bytea NOT NULL,
    exclude_projects text[] NOT NULL DEFAULT '{}'::text[],
    exclude_file_patterns text[] NOT NULL DEFAULT '{}'::text[],
    retention_days integer,
    epoch bigint NOT NULL DEFAULT 0,
    revision bigint NOT NULL DEFAULT 0,
    CONSTRAINT activity_settings_pkey PRIMARY KEY (user_id),
    CONSTRAINT activity_settings_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    CONSTRAINT activity_settings_branch_privacy_check CHECK (((branch_privacy)::text = ANY ((ARRAY['keep'::character varying, 'hash'::character varying, 'drop'::character varying])::text[]))),
    CONSTRAINT activity_settings_file_privacy_check CHECK (((file_privacy)::text = ANY ((ARRAY['keep'::character varying, 'hash'::character varying, 'drop'::character varying])::text[]))),
    CONSTRAINT activity_settings_retention_days_check CHECK ((retention_days > 0)),
    CONSTRAINT activity_settings_timeout_ms_check CHECK (((timeout_ms >= 60000) AND (timeout_ms <= 7200000))),
    CONSTRAINT activity_settings_wanted_timeout_ms_check CHECK (((wanted_timeout_ms >= 60000) AND (wanted_timeout_ms <= 7200000)))
) WITH (fillfactor=50);
COMMENT ON COLUMN activity_settings.timeout_ms IS 'the timeout the slots are built with; wanted_timeout_ms is what the user chose last';
COMMENT ON COLUMN activity_settings.epoch IS 'raised whenever dictionary rows were removed or rewritten, so that no process trusts what it remembers of them';
COMMENT ON COLUMN activity_settings.revision IS 'raised by whatever writes of this user: what was computed from another revision is not written';

CREATE TABLE activity_slots (
    user_id uuid NOT NULL,
    slot integer NOT NULL,
    context_id bigint NOT NULL,
    lane_ms bigint NOT NULL,
    active_ms bigint NOT NULL,
    heartbeats integer NOT NULL,
    CONSTRAINT activity_slots_pkey PRIMARY KEY (user_id, slot, context_id),
    CONSTRAINT activity_slots_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
) WITH (fillfactor=80);
COMMENT ON TABLE activity_slots IS 'credits summed by quarter-hour (slot = epoch seconds / 900) and context; a cache that verify can prove and rebuild can make anew';

CREATE TABLE api_keys (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    name character varying(128) NOT NULL DEFAULT 'Default Key'::character varying,
    key_prefix character varying(16) NOT NULL,
    key_hash character varying(72) NOT NULL,
    scope character varying(8) NOT NULL DEFAULT 'full'::character varying,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    last_used_at timestamp with time zone,
    CONSTRAINT api_keys_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT api_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    CONSTRAINT api_keys_scope_check CHECK (((scope)::text = ANY ((ARRAY['ingest'::character varying, 'read'::character varying, 'full'::character varying])::text[])))
);

CREATE TABLE clients (
    user_id uuid NOT NULL,
    id bigint NOT NULL,
    user_agent text NOT NULL,
    CONSTRAINT clients_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT clients_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

CREATE TABLE contexts (
    user_id uuid NOT NULL,
    id bigint NOT NULL,
    tool character varying(64) NOT NULL,
    project character varying(256) NOT NULL,
    language character varying(64) NOT NULL,
    branch character varying(256) NOT NULL,
    activity_type character varying(64) NOT NULL,
    editor character varying(64) NOT NULL,
    os character varying(64) NOT NULL,
    machine character varying(128) NOT NULL,
    CONSTRAINT contexts_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT contexts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

CREATE TABLE files (
    user_id uuid NOT NULL,
    id bigint NOT NULL,
    path text NOT NULL,
    CONSTRAINT files_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT files_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

CREATE TABLE heartbeats (
    user_id uuid NOT NULL,
    "time" timestamp with time zone NOT NULL,
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
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT heartbeats_pkey PRIMARY KEY (user_id, "time", identity),
    CONSTRAINT heartbeats_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
) WITH (fillfactor=90);
CREATE INDEX heartbeats_lane ON heartbeats USING btree (user_id, lane_id, "time", identity);
COMMENT ON COLUMN heartbeats.cap_ms IS 'the most it can be credited: the declared duration, 0 when idle, null when nothing was declared';
COMMENT ON COLUMN heartbeats.lane_ms IS 'credit inside its lane: time until the next heartbeat of the lane, as the rules of time allow';
COMMENT ON COLUMN heartbeats.active_ms IS 'credit inside the whole stream of the user, all lanes merged';

CREATE TABLE invitations (
    token_digest bytea NOT NULL,
    created_by uuid NOT NULL,
    role character varying(8) NOT NULL DEFAULT 'member'::character varying,
    note character varying(128) NOT NULL DEFAULT ''::character varying,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT invitations_pkey PRIMARY KEY (token_digest),
    CONSTRAINT invitations_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id) ON DELETE CASCADE,
    CONSTRAINT invitations_role_check CHECK (((role)::text = ANY ((ARRAY['admin'::character varying, 'member'::character varying])::text[])))
);

CREATE TABLE jobs (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    kind character varying(32) NOT NULL,
    state character varying(8) NOT NULL DEFAULT 'waiting'::character varying,
    arguments jsonb NOT NULL DEFAULT '{}'::jsonb,
    progress jsonb NOT NULL DEFAULT '{}'::jsonb,
    error text,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    touched_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT jobs_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT jobs_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    CONSTRAINT jobs_state_check CHECK (((state)::text = ANY ((ARRAY['waiting'::character varying, 'running'::character varying, 'done'::character varying, 'failed'::character varying])::text[])))
);

CREATE TABLE lanes (
    user_id uuid NOT NULL,
    id bigint NOT NULL,
    tool character varying(64) NOT NULL,
    machine character varying(128) NOT NULL,
    session character varying(128) NOT NULL,
    CONSTRAINT lanes_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT lanes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

CREATE TABLE limit_alerts (
    user_id uuid NOT NULL,
    source_id bigint NOT NULL,
    label character varying(128) NOT NULL,
    rule character varying(16) NOT NULL,
    fired_at timestamp with time zone NOT NULL,
    used double precision NOT NULL,
    most double precision NOT NULL,
    resets_at timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT limit_alerts_pkey PRIMARY KEY (user_id, source_id, label, rule, fired_at),
    CONSTRAINT limit_alerts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
COMMENT ON COLUMN limit_alerts.ended_at IS 'when the limit began anew, which arms the rule again; null: not yet';

CREATE TABLE limit_history (
    user_id uuid NOT NULL,
    source_id bigint NOT NULL,
    label character varying(128) NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    used double precision NOT NULL,
    most double precision NOT NULL,
    resets_at timestamp with time zone,
    CONSTRAINT limit_history_pkey PRIMARY KEY (user_id, source_id, label, since),
    CONSTRAINT limit_history_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
COMMENT ON TABLE limit_history IS 'a progress line between two instants, both seen, in which it said the same';

CREATE TABLE limit_sources (
    user_id uuid NOT NULL,
    id bigint NOT NULL,
    machine character varying(128) NOT NULL,
    plugin character varying(64) NOT NULL,
    instance character varying(64) NOT NULL,
    display_name character varying(128) NOT NULL,
    plan character varying(128),
    icon text,
    brand_color character varying(9),
    overview jsonb NOT NULL,
    links jsonb NOT NULL,
    lines jsonb NOT NULL,
    fetched_at timestamp with time zone,
    checked_at timestamp with time zone NOT NULL,
    error character varying(500),
    next_at timestamp with time zone,
    CONSTRAINT limit_sources_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT limit_sources_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
) WITH (fillfactor=70);
COMMENT ON COLUMN limit_sources.id IS 'a digest of machine, plugin and instance';
COMMENT ON COLUMN limit_sources.lines IS 'of the last attempt that went well, at fetched_at; null: none ever did';
COMMENT ON COLUMN limit_sources.error IS 'why the latest attempt, at checked_at, failed; null: it went well';

CREATE TABLE login_links (
    token_digest bytea NOT NULL,
    account_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT login_links_pkey PRIMARY KEY (token_digest),
    CONSTRAINT login_links_account_id_fkey FOREIGN KEY (account_id) REFERENCES users(id) ON DELETE CASCADE
);

CREATE TABLE plugin_events (
    user_id uuid NOT NULL,
    revision bigint NOT NULL,
    times timestamp with time zone[] NOT NULL,
    identities bigint[] NOT NULL,
    recorded_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT plugin_events_pkey PRIMARY KEY (user_id, revision),
    CONSTRAINT plugin_events_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
COMMENT ON COLUMN plugin_events.times IS 'with identities: the keys of the heartbeats that were new';

CREATE TABLE plugin_kv (
    user_id uuid NOT NULL,
    plugin character varying(64) NOT NULL,
    key character varying(256) NOT NULL,
    value text NOT NULL,
    expires_at timestamp with time zone,
    CONSTRAINT plugin_kv_pkey PRIMARY KEY (user_id, plugin, key),
    CONSTRAINT plugin_kv_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
) WITH (fillfactor=80);

CREATE TABLE plugin_listings (
    id uuid NOT NULL,
    author_id uuid NOT NULL,
    name character varying(64) NOT NULL,
    display_name character varying(128) NOT NULL,
    description text,
    version character varying(16) NOT NULL DEFAULT '0.1.0'::character varying,
    repository text,
    icon character varying(16) NOT NULL DEFAULT '🔌'::character varying,
    plugin_type character varying(32) NOT NULL DEFAULT 'widget'::character varying,
    widget_type character varying(32) NOT NULL DEFAULT 'counter'::character varying,
    api_endpoint text,
    settings_schema jsonb,
    script text,
    is_published boolean NOT NULL DEFAULT true,
    is_banned boolean NOT NULL DEFAULT false,
    ban_reason text,
    install_count integer NOT NULL DEFAULT 0,
    avg_rating numeric(3,2) NOT NULL DEFAULT 0,
    rating_count integer NOT NULL DEFAULT 0,
    has_external_access boolean NOT NULL DEFAULT false,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    updated_at timestamp with time zone NOT NULL DEFAULT now(),
    likeness character varying(64),
    revision integer NOT NULL DEFAULT 1,
    grants jsonb NOT NULL DEFAULT '{"hosts": [], "scopes": []}'::jsonb,
    category character varying(32) NOT NULL DEFAULT 'other'::character varying,
    tags text[] NOT NULL DEFAULT '{}'::text[],
    rating_sum bigint NOT NULL DEFAULT 0,
    CONSTRAINT plugin_listings_pkey PRIMARY KEY (id),
    CONSTRAINT plugin_listings_likeness_key UNIQUE (likeness),
    CONSTRAINT plugin_listings_name_key UNIQUE (name),
    CONSTRAINT plugin_listings_author_id_fkey FOREIGN KEY (author_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX plugin_listings_author_id_idx ON plugin_listings USING btree (author_id);
COMMENT ON COLUMN plugin_listings.likeness IS 'the name as eyes confuse it with others: two plugins never share it';

CREATE TABLE installed_plugins (
    user_id uuid NOT NULL,
    plugin_id uuid NOT NULL,
    installed_at timestamp with time zone NOT NULL DEFAULT now(),
    accepted_version character varying(16),
    accepted_script text,
    accepted_revision integer NOT NULL DEFAULT 1,
    asked jsonb NOT NULL DEFAULT '{"hosts": [], "scopes": []}'::jsonb,
    granted jsonb NOT NULL DEFAULT '{"hosts": [], "scopes": []}'::jsonb,
    CONSTRAINT installed_plugins_pkey PRIMARY KEY (user_id, plugin_id),
    CONSTRAINT installed_plugins_plugin_id_fkey FOREIGN KEY (plugin_id) REFERENCES plugin_listings(id) ON DELETE CASCADE,
    CONSTRAINT installed_plugins_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX installed_plugins_plugin_id_idx ON installed_plugins USING btree (plugin_id);

CREATE TABLE plugin_dependencies (
    plugin_id uuid NOT NULL,
    dependency_name character varying(64) NOT NULL,
    CONSTRAINT plugin_dependencies_pkey PRIMARY KEY (plugin_id, dependency_name),
    CONSTRAINT plugin_dependencies_plugin_id_fkey FOREIGN KEY (plugin_id) REFERENCES plugin_listings(id) ON DELETE CASCADE
);

CREATE TABLE plugin_ratings (
    user_id uuid NOT NULL,
    plugin_id uuid NOT NULL,
    rating smallint NOT NULL,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT plugin_ratings_pkey PRIMARY KEY (user_id, plugin_id),
    CONSTRAINT plugin_ratings_plugin_id_fkey FOREIGN KEY (plugin_id) REFERENCES plugin_listings(id) ON DELETE CASCADE,
    CONSTRAINT plugin_ratings_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    CONSTRAINT plugin_ratings_rating_check CHECK (((rating >= 1) AND (rating <= 5)))
);
CREATE INDEX plugin_ratings_plugin_id_idx ON plugin_ratings USING btree (plugin_id);

CREATE TABLE plugin_reports (
    id uuid NOT NULL,
    plugin_id uuid NOT NULL,
    reporter_id uuid NOT NULL,
    reason character varying(16) NOT NULL,
    description text NOT NULL DEFAULT ''::text,
    resolved boolean NOT NULL DEFAULT false,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT plugin_reports_pkey PRIMARY KEY (id),
    CONSTRAINT plugin_reports_plugin_id_reporter_id_key UNIQUE (plugin_id, reporter_id),
    CONSTRAINT plugin_reports_plugin_id_fkey FOREIGN KEY (plugin_id) REFERENCES plugin_listings(id) ON DELETE CASCADE,
    CONSTRAINT plugin_reports_reporter_id_fkey FOREIGN KEY (reporter_id) REFERENCES users(id) ON DELETE CASCADE,
    CONSTRAINT plugin_reports_reason_check CHECK (((reason)::text = ANY ((ARRAY['spam'::character varying, 'malware'::character varying, 'inappropriate'::character varying, 'broken'::character varying, 'other'::character varying])::text[])))
);

CREATE TABLE plugin_reviews (
    user_id uuid NOT NULL,
    plugin_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    body text NOT NULL,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT plugin_reviews_pkey PRIMARY KEY (user_id, plugin_id),
    CONSTRAINT plugin_reviews_plugin_id_fkey FOREIGN KEY (plugin_id) REFERENCES plugin_listings(id) ON DELETE CASCADE,
    CONSTRAINT plugin_reviews_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    CONSTRAINT plugin_reviews_body_check CHECK ((char_length(body) <= 10000))
);
CREATE INDEX plugin_reviews_plugin_id_idx ON plugin_reviews USING btree (plugin_id, created_at);

CREATE TABLE plugin_runs (
    user_id uuid NOT NULL,
    plugin_id uuid NOT NULL,
    script_digest bytea,
    looked_at timestamp with time zone,
    is_installing boolean NOT NULL DEFAULT true,
    hears boolean NOT NULL DEFAULT true,
    cursor bigint NOT NULL DEFAULT 0,
    done integer NOT NULL DEFAULT 0,
    next_tick_at timestamp with time zone,
    rests_until timestamp with time zone NOT NULL DEFAULT now(),
    lease uuid,
    leased_until timestamp with time zone,
    attempts integer NOT NULL DEFAULT 0,
    failures integer NOT NULL DEFAULT 0,
    trouble text,
    paused_at timestamp with time zone,
    runs bigint NOT NULL DEFAULT 0,
    last_run_at timestamp with time zone,
    lines bigint NOT NULL DEFAULT 0,
    CONSTRAINT plugin_runs_pkey PRIMARY KEY (user_id, plugin_id),
    CONSTRAINT plugin_runs_plugin_id_fkey FOREIGN KEY (plugin_id) REFERENCES plugin_listings(id) ON DELETE CASCADE,
    CONSTRAINT plugin_runs_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    CONSTRAINT plugin_runs_user_id_plugin_id_fkey FOREIGN KEY (user_id, plugin_id) REFERENCES installed_plugins(user_id, plugin_id) ON DELETE CASCADE
) WITH (fillfactor=60);
COMMENT ON COLUMN plugin_runs.script_digest IS 'of the script whose hooks are known';
COMMENT ON COLUMN plugin_runs.looked_at IS 'when its script was; NULL: never. A plugin published since is looked at again';
COMMENT ON COLUMN plugin_runs.cursor IS 'the last event whose heartbeats all were told; done of the next one were';
COMMENT ON COLUMN plugin_runs.attempts IS 'how often the present call was begun and lost with its sandbox';
COMMENT ON COLUMN plugin_runs.failures IS 'calls in a row that failed; too many pause the plugin for this user';
COMMENT ON COLUMN plugin_runs.lines IS 'lines its log ever had: the number of the newest';

CREATE TABLE plugin_logs (
    user_id uuid NOT NULL,
    plugin_id uuid NOT NULL,
    last_line bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    trigger character varying(80) NOT NULL,
    lines jsonb NOT NULL,
    CONSTRAINT plugin_logs_pkey PRIMARY KEY (user_id, plugin_id, last_line),
    CONSTRAINT plugin_logs_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    CONSTRAINT plugin_logs_user_id_plugin_id_fkey FOREIGN KEY (user_id, plugin_id) REFERENCES plugin_runs(user_id, plugin_id) ON DELETE CASCADE
);
COMMENT ON COLUMN plugin_logs.lines IS 'an array of [level, text]';

CREATE TABLE plugin_screenshots (
    id uuid NOT NULL,
    plugin_id uuid NOT NULL,
    added_by uuid NOT NULL,
    url text NOT NULL,
    caption text NOT NULL DEFAULT ''::text,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT plugin_screenshots_pkey PRIMARY KEY (id),
    CONSTRAINT plugin_screenshots_added_by_fkey FOREIGN KEY (added_by) REFERENCES users(id) ON DELETE CASCADE,
    CONSTRAINT plugin_screenshots_plugin_id_fkey FOREIGN KEY (plugin_id) REFERENCES plugin_listings(id) ON DELETE CASCADE
);
CREATE INDEX plugin_screenshots_plugin_id_idx ON plugin_screenshots USING btree (plugin_id, created_at);

CREATE TABLE plugin_settings (
    user_id uuid NOT NULL,
    plugin character varying(64) NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    settings jsonb NOT NULL DEFAULT '{}'::jsonb,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    updated_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT plugin_settings_pkey PRIMARY KEY (user_id, plugin),
    CONSTRAINT plugin_settings_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    CONSTRAINT plugin_settings_settings_check CHECK ((pg_column_size(settings) <= 65536))
);

CREATE TABLE plugin_versions (
    plugin_id uuid NOT NULL,
    revision integer NOT NULL,
    version character varying(16) NOT NULL,
    changelog text NOT NULL DEFAULT ''::text,
    plugin_type character varying(32) NOT NULL,
    script text,
    source text,
    settings_schema jsonb,
    grants jsonb NOT NULL DEFAULT '{"hosts": [], "scopes": []}'::jsonb,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT plugin_versions_pkey PRIMARY KEY (plugin_id, revision),
    CONSTRAINT plugin_versions_plugin_id_fkey FOREIGN KEY (plugin_id) REFERENCES plugin_listings(id) ON DELETE CASCADE,
    CONSTRAINT plugin_versions_revision_check CHECK ((revision >= 1))
);

CREATE TABLE theme_listings (
    id uuid NOT NULL,
    author_id uuid NOT NULL,
    name character varying(64) NOT NULL,
    likeness character varying(64),
    display_name character varying(128) NOT NULL,
    description text,
    version character varying(16) NOT NULL DEFAULT '1.0.0'::character varying,
    icon character varying(16) NOT NULL DEFAULT '🎨'::character varying,
    variables jsonb NOT NULL DEFAULT '{}'::jsonb,
    is_published boolean NOT NULL DEFAULT true,
    is_banned boolean NOT NULL DEFAULT false,
    ban_reason text,
    install_count integer NOT NULL DEFAULT 0,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    updated_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT theme_listings_pkey PRIMARY KEY (id),
    CONSTRAINT theme_listings_likeness_key UNIQUE (likeness),
    CONSTRAINT theme_listings_name_key UNIQUE (name),
    CONSTRAINT theme_listings_author_id_fkey FOREIGN KEY (author_id) REFERENCES users(id) ON DELETE CASCADE
);

CREATE TABLE installed_themes (
    user_id uuid NOT NULL,
    theme_id uuid NOT NULL,
    installed_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT installed_themes_pkey PRIMARY KEY (user_id, theme_id),
    CONSTRAINT installed_themes_theme_id_fkey FOREIGN KEY (theme_id) REFERENCES theme_listings(id) ON DELETE CASCADE,
    CONSTRAINT installed_themes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX installed_themes_theme_id_idx ON installed_themes USING btree (theme_id);

CREATE TABLE usage_contexts (
    user_id uuid NOT NULL,
    id bigint NOT NULL,
    agent character varying(64) NOT NULL,
    session character varying(128) NOT NULL,
    folder character varying(512) NOT NULL,
    project character varying(256) NOT NULL,
    branch character varying(256) NOT NULL,
    machine character varying(128) NOT NULL,
    is_sidechain boolean NOT NULL,
    CONSTRAINT usage_contexts_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT usage_contexts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

CREATE TABLE usage_events (
    user_id uuid NOT NULL,
    key bigint NOT NULL,
    rank bigint NOT NULL,
    "time" timestamp with time zone NOT NULL,
    context_id bigint NOT NULL,
    rate_id bigint NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cache_read_tokens bigint NOT NULL,
    cache_write_tokens bigint NOT NULL,
    cache_write_1h_tokens bigint NOT NULL,
    extra_tokens bigint NOT NULL,
    reasoning_tokens bigint NOT NULL,
    web_searches bigint NOT NULL,
    cost_nusd bigint,
    CONSTRAINT usage_events_pkey PRIMARY KEY (user_id, key),
    CONSTRAINT usage_events_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
) WITH (fillfactor=90);
CREATE INDEX usage_events_time ON usage_events USING btree (user_id, "time", key);
COMMENT ON COLUMN usage_events.key IS 'what makes it one event at its agent: the same log read on two machines gives the same keys';
COMMENT ON COLUMN usage_events.rank IS 'of several events with one key the one of the largest rank is kept';
COMMENT ON COLUMN usage_events.cost_nusd IS 'the cost its log tells, in billionths of a US dollar; null: it tells none';

CREATE TABLE usage_rates (
    user_id uuid NOT NULL,
    id bigint NOT NULL,
    agent character varying(64) NOT NULL,
    model character varying(128) NOT NULL,
    provider character varying(64) NOT NULL,
    speed character varying(32) NOT NULL,
    tier character varying(32) NOT NULL,
    region character varying(32) NOT NULL,
    prompt_class smallint NOT NULL,
    is_cost_logged boolean NOT NULL,
    is_model_guessed boolean NOT NULL,
    CONSTRAINT usage_rates_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT usage_rates_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
COMMENT ON TABLE usage_rates IS 'what a price depends on besides the date; prices themselves are stored nowhere';

CREATE TABLE usage_slots (
    user_id uuid NOT NULL,
    slot integer NOT NULL,
    context_id bigint NOT NULL,
    rate_id bigint NOT NULL,
    events bigint NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cache_read_tokens bigint NOT NULL,
    cache_write_tokens bigint NOT NULL,
    cache_write_1h_tokens bigint NOT NULL,
    extra_tokens bigint NOT NULL,
    reasoning_tokens bigint NOT NULL,
    web_searches bigint NOT NULL,
    cost_nusd numeric(30,0) NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    CONSTRAINT usage_slots_pkey PRIMARY KEY (user_id, slot, context_id, rate_id),
    CONSTRAINT usage_slots_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
) WITH (fillfactor=80);
COMMENT ON TABLE usage_slots IS 'events summed by quarter-hour (slot = epoch seconds / 900), context and rate; a cache that verify can prove and rebuild can make anew';

CREATE TABLE user_dashboard_order (
    user_id uuid NOT NULL,
    panel_name character varying(64) NOT NULL,
    "position" integer NOT NULL,
    CONSTRAINT user_dashboard_order_pkey PRIMARY KEY (user_id, panel_name),
    CONSTRAINT user_dashboard_order_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

CREATE TABLE user_follows (
    user_id uuid NOT NULL,
    follower_id uuid NOT NULL,
    following_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT user_follows_pkey PRIMARY KEY (user_id, follower_id, following_id),
    CONSTRAINT user_follows_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    CONSTRAINT user_follows_check CHECK (((follower_id <> following_id) AND ((user_id = follower_id) OR (user_id = following_id))))
);

CREATE TABLE user_theme_prefs (
    user_id uuid NOT NULL,
    active_theme_id uuid,
    custom_vars jsonb NOT NULL DEFAULT '{}'::jsonb,
    updated_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT user_theme_prefs_pkey PRIMARY KEY (user_id),
    CONSTRAINT user_theme_prefs_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

CREATE TABLE web_sessions (
    user_id uuid NOT NULL,
    token_digest bytea NOT NULL,
    user_agent text NOT NULL DEFAULT ''::text,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    last_seen_at timestamp with time zone NOT NULL DEFAULT now(),
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT web_sessions_pkey PRIMARY KEY (user_id, token_digest),
    CONSTRAINT web_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
