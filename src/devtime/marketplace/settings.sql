-- fetch_settings --
SELECT l.name, l.display_name, l.settings_schema, s.settings
FROM installed_plugins i
JOIN plugin_listings l ON l.id = i.plugin_id
LEFT JOIN plugin_settings s ON s.user_id = i.user_id AND s.plugin = l.name
WHERE i.user_id = $1 AND i.plugin_id = $2 AND l.is_published AND NOT l.is_banned

-- store_settings --
INSERT INTO plugin_settings (user_id, plugin, id, settings, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)
ON CONFLICT (user_id, plugin) DO UPDATE SET settings = excluded.settings, updated_at = excluded.updated_at
