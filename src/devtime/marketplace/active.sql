-- find_author --
SELECT author_id FROM plugin_listings WHERE name = $1

-- list_active --
-- A revision that asks for more than the user was shown waits for them; until then what they accepted runs.
SELECT l.id AS plugin_id, l.author_id, l.name, l.display_name, l.plugin_type,
    CASE WHEN i.asked @> l.grants THEN l.version ELSE coalesce(i.accepted_version, l.version) END AS version,
    coalesce(CASE WHEN i.asked @> l.grants THEN l.script ELSE i.accepted_script END, '') AS script,
    s.settings, l.settings_schema, i.granted, CASE WHEN i.asked @> l.grants THEN l.grants ELSE i.asked END AS asks
FROM installed_plugins i
JOIN plugin_listings l ON l.id = i.plugin_id
LEFT JOIN plugin_settings s ON s.user_id = i.user_id AND s.plugin = l.name
WHERE i.user_id = $1 AND l.is_published AND NOT l.is_banned AND ($2::text IS NULL OR l.name = $2)
    AND ($3::uuid IS NULL OR l.id = $3)
ORDER BY i.installed_at, l.name
