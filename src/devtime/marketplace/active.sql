-- list_active --
SELECT l.id AS plugin_id, l.author_id, l.name, l.display_name, coalesce(i.accepted_version, l.version) AS version,
    l.plugin_type, coalesce(i.accepted_script, l.script, '') AS script, s.settings
FROM installed_plugins i
JOIN plugin_listings l ON l.id = i.plugin_id
LEFT JOIN plugin_settings s ON s.user_id = i.user_id AND s.plugin = l.name
WHERE i.user_id = $1 AND l.is_published AND NOT l.is_banned AND ($2::text IS NULL OR l.name = $2)
ORDER BY i.installed_at, l.name
