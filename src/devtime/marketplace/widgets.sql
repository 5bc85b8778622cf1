-- fetch_widget_rights --
SELECT l.id AS plugin_id, l.author_id, l.name, i.granted,
    CASE WHEN i.asked @> l.grants THEN l.grants ELSE i.asked END AS asks
FROM installed_plugins i JOIN plugin_listings l ON l.id = i.plugin_id
WHERE i.user_id = $1 AND i.plugin_id = $2 AND l.plugin_type = 'widget' AND l.is_published AND NOT l.is_banned

-- list_panels --
SELECT l.id AS plugin_id, l.name, l.display_name, l.icon, u.username AS author,
    CASE WHEN i.asked @> l.grants THEN l.version ELSE coalesce(i.accepted_version, l.version) END AS version,
    CASE WHEN i.asked @> l.grants THEN NULL ELSE l.version END AS waiting_version,
    l.settings_schema IS NOT NULL AS has_settings
FROM installed_plugins i
JOIN plugin_listings l ON l.id = i.plugin_id
JOIN users u ON u.id = l.author_id
LEFT JOIN user_dashboard_order o ON o.user_id = i.user_id AND o.panel_name = l.name
WHERE i.user_id = $1 AND l.plugin_type = 'widget' AND l.is_published AND NOT l.is_banned
ORDER BY o.position NULLS LAST, i.installed_at, l.name
