-- fetch_needs --
SELECT d.dependency_name AS name, l.id, l.display_name, l.grants, l.is_published AND NOT l.is_banned AS is_available
FROM plugin_dependencies d LEFT JOIN plugin_listings l ON l.name = d.dependency_name
WHERE d.plugin_id = ANY ($1::uuid[]) ORDER BY d.dependency_name
