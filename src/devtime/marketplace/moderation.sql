-- lock_listing --
SELECT author_id, is_published FROM plugin_listings WHERE id = $1 FOR UPDATE

-- is_there --
SELECT true FROM plugin_listings WHERE id = $1 AND is_published

-- store_report --
INSERT INTO plugin_reports (id, plugin_id, reporter_id, reason, description, created_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (plugin_id, reporter_id) DO UPDATE
SET reason = excluded.reason, description = excluded.description, created_at = excluded.created_at, resolved = false

-- list_reports --
SELECT r.id, r.reason, r.description, r.resolved, r.created_at, r.plugin_id, l.display_name AS plugin_name,
    l.name AS plugin_slug, l.is_banned, u.username AS reporter_username
FROM plugin_reports r JOIN plugin_listings l ON l.id = r.plugin_id JOIN users u ON u.id = r.reporter_id
WHERE $1::boolean IS NULL OR r.resolved = $1
ORDER BY r.resolved, r.created_at DESC, r.id LIMIT $2

-- resolve_report --
UPDATE plugin_reports SET resolved = true WHERE id = $1 RETURNING true

-- ban --
UPDATE plugin_listings SET is_banned = $2, ban_reason = $3, updated_at = $4 WHERE id = $1 AND is_published RETURNING true

-- empty_listing --
UPDATE plugin_listings
SET is_published = false, script = NULL, settings_schema = NULL, install_count = 0, rating_sum = 0, rating_count = 0,
    avg_rating = 0
WHERE id = $1

-- forget_versions --
DELETE FROM plugin_versions WHERE plugin_id = $1

-- forget_dependencies --
DELETE FROM plugin_dependencies WHERE plugin_id = $1

-- forget_installs --
DELETE FROM installed_plugins WHERE plugin_id = $1

-- forget_ratings --
DELETE FROM plugin_ratings WHERE plugin_id = $1

-- forget_reviews --
DELETE FROM plugin_reviews WHERE plugin_id = $1

-- forget_screenshots --
DELETE FROM plugin_screenshots WHERE plugin_id = $1

-- forget_reports --
DELETE FROM plugin_reports WHERE plugin_id = $1
