-- lock_listings --
SELECT * FROM plugin_listings WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE

-- lock_listing --
SELECT * FROM plugin_listings WHERE id = $1 FOR UPDATE

-- insert_install --
INSERT INTO installed_plugins (user_id, plugin_id, accepted_revision, accepted_version, accepted_script, asked, granted,
    installed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT DO NOTHING RETURNING true

-- delete_install --
DELETE FROM installed_plugins WHERE user_id = $1 AND plugin_id = $2 RETURNING true

-- count_install --
UPDATE plugin_listings SET install_count = greatest(0, install_count + $2) WHERE id = $1

-- forget_panel --
DELETE FROM user_dashboard_order WHERE user_id = $1 AND panel_name = $2

-- fetch_install --
SELECT * FROM installed_plugins WHERE user_id = $1 AND plugin_id = $2 FOR UPDATE

-- accept_install --
UPDATE installed_plugins
SET accepted_revision = $3, accepted_version = $4, accepted_script = $5, asked = $6, granted = $7
WHERE user_id = $1 AND plugin_id = $2

-- change_grants --
UPDATE installed_plugins SET granted = $3 WHERE user_id = $1 AND plugin_id = $2

-- list_installed --
SELECT l.*, u.username AS author_username, u.is_builtin, i.asked, i.granted, i.accepted_revision, i.accepted_version,
    i.installed_at
FROM installed_plugins i JOIN plugin_listings l ON l.id = i.plugin_id JOIN users u ON u.id = l.author_id
WHERE i.user_id = $1 AND l.is_published AND NOT l.is_banned AND ($2::uuid IS NULL OR l.id = $2)
ORDER BY i.installed_at, l.name

-- fetch_accepted --
SELECT CASE WHEN i.asked @> l.grants THEN l.version ELSE coalesce(i.accepted_version, l.version) END AS version,
    coalesce(CASE WHEN i.asked @> l.grants THEN l.script ELSE i.accepted_script END, '') AS script
FROM installed_plugins i JOIN plugin_listings l ON l.id = i.plugin_id
WHERE i.user_id = $1 AND i.plugin_id = $2 AND l.is_published AND NOT l.is_banned
