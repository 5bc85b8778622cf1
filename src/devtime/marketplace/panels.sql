-- list_panels --
SELECT l.name AS panel, l.display_name AS title, l.icon, l.plugin_type, l.widget_type, l.api_endpoint, l.id AS plugin_id,
    l.version, l.script,
    CASE WHEN i.asked @> l.grants THEN l.version ELSE coalesce(i.accepted_version, l.version) END AS accepted_version,
    coalesce(CASE WHEN i.asked @> l.grants THEN l.script ELSE i.accepted_script END, '') AS accepted_script
FROM installed_plugins i
JOIN plugin_listings l ON l.id = i.plugin_id
LEFT JOIN user_dashboard_order o ON o.user_id = i.user_id AND o.panel_name = l.name
WHERE i.user_id = $1 AND l.is_published AND NOT l.is_banned
ORDER BY o.position NULLS LAST, i.installed_at, l.name

-- lock_order --
SELECT user_id FROM activity_settings WHERE user_id = $1 FOR UPDATE

-- forget_order --
DELETE FROM user_dashboard_order WHERE user_id = $1

-- insert_place --
INSERT INTO user_dashboard_order (user_id, panel_name, position) VALUES ($1, $2, $3)
ON CONFLICT (user_id, panel_name) DO UPDATE SET position = excluded.position
