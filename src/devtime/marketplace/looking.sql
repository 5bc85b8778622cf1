-- fetch_source --
SELECT revision, version, coalesce(source, script, '') AS text, source IS NOT NULL AS is_original
FROM plugin_versions WHERE plugin_id = $1 AND revision = $2

-- fetch_opinion --
SELECT coalesce((SELECT g.rating FROM plugin_ratings g WHERE g.user_id = $1 AND g.plugin_id = $2), 0) AS rating,
    coalesce((SELECT r.body FROM plugin_reviews r WHERE r.user_id = $1 AND r.plugin_id = $2), '') AS body,
    EXISTS (SELECT FROM plugin_reports p WHERE p.reporter_id = $1 AND p.plugin_id = $2 AND NOT p.resolved) AS has_reported

-- fetch_spread --
SELECT rating, count(*) AS people FROM plugin_ratings WHERE plugin_id = $1 GROUP BY rating

-- count_own --
SELECT (SELECT count(*) FROM installed_plugins i WHERE i.user_id = $1) AS installed,
    (SELECT count(*) FROM plugin_listings l WHERE l.author_id = $1 AND l.is_published) AS mine,
    (SELECT count(*) FROM plugin_reports r WHERE NOT r.resolved) AS reports

-- list_stopped --
SELECT l.*, u.username AS author_username, u.is_builtin, i.installed_at
FROM installed_plugins i JOIN plugin_listings l ON l.id = i.plugin_id JOIN users u ON u.id = l.author_id
WHERE i.user_id = $1 AND (l.is_banned OR NOT l.is_published) ORDER BY i.installed_at, l.name

-- list_banned --
SELECT l.*, u.username AS author_username, u.is_builtin
FROM plugin_listings l JOIN users u ON u.id = l.author_id
WHERE l.is_banned AND l.is_published ORDER BY l.updated_at DESC, l.name LIMIT 100

-- count_kept --
SELECT count(*) FROM plugin_kv WHERE user_id = $1 AND plugin = $2

-- clear_kept --
DELETE FROM plugin_kv WHERE user_id = $1 AND plugin = $2
