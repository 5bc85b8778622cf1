-- The store of plugins and themes, and what each user made of them (docs/decisions/0013-the-store.md).
-- The rules of 0001 hold. What belongs to a listing (versions, screenshots, reports, dependencies) is in reference tables.

ALTER TABLE users ADD COLUMN is_builtin boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN users.is_builtin IS 'the author of what comes with DevTime: nobody can sign in as it';

ALTER TABLE plugin_listings ADD COLUMN likeness varchar(64) UNIQUE;
COMMENT ON COLUMN plugin_listings.likeness IS 'the name as eyes confuse it with others: two plugins never share it';
ALTER TABLE plugin_listings ADD COLUMN revision integer NOT NULL DEFAULT 1;
ALTER TABLE plugin_listings ADD COLUMN grants jsonb NOT NULL DEFAULT '{"hosts": [], "scopes": []}';
ALTER TABLE plugin_listings ADD COLUMN category varchar(32) NOT NULL DEFAULT 'other';
ALTER TABLE plugin_listings ADD COLUMN tags text[] NOT NULL DEFAULT '{}';
ALTER TABLE plugin_listings ADD COLUMN rating_sum bigint NOT NULL DEFAULT 0;
CREATE INDEX plugin_listings_author_id_idx ON plugin_listings (author_id);

-- `asked` is what the accepted revision asks for, `granted` what of it the user gave. A newer revision runs at once
-- while `asked` covers what it asks for.
ALTER TABLE installed_plugins ADD COLUMN accepted_revision integer NOT NULL DEFAULT 1;
ALTER TABLE installed_plugins ADD COLUMN asked jsonb NOT NULL DEFAULT '{"hosts": [], "scopes": []}';
ALTER TABLE installed_plugins ADD COLUMN granted jsonb NOT NULL DEFAULT '{"hosts": [], "scopes": []}';
CREATE INDEX installed_plugins_plugin_id_idx ON installed_plugins (plugin_id);
CREATE INDEX plugin_reviews_plugin_id_idx ON plugin_reviews (plugin_id, created_at);

-- `source` is what the author wrote where that is not the script itself (TypeScript).
CREATE TABLE plugin_versions (
    plugin_id uuid NOT NULL REFERENCES plugin_listings (id) ON DELETE CASCADE,
    revision integer NOT NULL CHECK (revision >= 1),
    version varchar(16) NOT NULL,
    changelog text NOT NULL DEFAULT '',
    plugin_type varchar(32) NOT NULL,
    script text,
    source text,
    settings_schema jsonb,
    grants jsonb NOT NULL DEFAULT '{"hosts": [], "scopes": []}',
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (plugin_id, revision)
);

CREATE TABLE plugin_dependencies (
    plugin_id uuid NOT NULL REFERENCES plugin_listings (id) ON DELETE CASCADE,
    dependency_name varchar(64) NOT NULL,
    PRIMARY KEY (plugin_id, dependency_name)
);

CREATE TABLE plugin_screenshots (
    id uuid PRIMARY KEY,
    plugin_id uuid NOT NULL REFERENCES plugin_listings (id) ON DELETE CASCADE,
    added_by uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    url text NOT NULL,
    caption text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX plugin_screenshots_plugin_id_idx ON plugin_screenshots (plugin_id, created_at);

CREATE TABLE plugin_reports (
    id uuid PRIMARY KEY,
    plugin_id uuid NOT NULL REFERENCES plugin_listings (id) ON DELETE CASCADE,
    reporter_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    reason varchar(16) NOT NULL CHECK (reason IN ('spam', 'malware', 'inappropriate', 'broken', 'other')),
    description text NOT NULL DEFAULT '',
    resolved boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (plugin_id, reporter_id)
);

CREATE TABLE plugin_ratings (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    plugin_id uuid NOT NULL REFERENCES plugin_listings (id) ON DELETE CASCADE,
    rating smallint NOT NULL CHECK (rating BETWEEN 1 AND 5),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, plugin_id)
);
CREATE INDEX plugin_ratings_plugin_id_idx ON plugin_ratings (plugin_id);

CREATE TABLE theme_listings (
    id uuid PRIMARY KEY,
    author_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name varchar(64) NOT NULL UNIQUE,
    likeness varchar(64) UNIQUE,
    display_name varchar(128) NOT NULL,
    description text,
    version varchar(16) NOT NULL DEFAULT '1.0.0',
    icon varchar(16) NOT NULL DEFAULT '🎨',
    variables jsonb NOT NULL DEFAULT '{}',
    is_published boolean NOT NULL DEFAULT true,
    is_banned boolean NOT NULL DEFAULT false,
    ban_reason text,
    install_count integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE installed_themes (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    theme_id uuid NOT NULL REFERENCES theme_listings (id) ON DELETE CASCADE,
    installed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, theme_id)
);
CREATE INDEX installed_themes_theme_id_idx ON installed_themes (theme_id);

-- A theme that is gone leaves its id here; it is then as if none were chosen.
CREATE TABLE user_theme_prefs (
    user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    active_theme_id uuid,
    custom_vars jsonb NOT NULL DEFAULT '{}',
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE user_dashboard_order (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    panel_name varchar(64) NOT NULL,
    position integer NOT NULL,
    PRIMARY KEY (user_id, panel_name)
);

ALTER TABLE plugin_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE plugin_dependencies ENABLE ROW LEVEL SECURITY;
ALTER TABLE plugin_screenshots ENABLE ROW LEVEL SECURITY;
ALTER TABLE plugin_reports ENABLE ROW LEVEL SECURITY;
ALTER TABLE plugin_ratings ENABLE ROW LEVEL SECURITY;
ALTER TABLE theme_listings ENABLE ROW LEVEL SECURITY;
ALTER TABLE installed_themes ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_theme_prefs ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_dashboard_order ENABLE ROW LEVEL SECURITY;
