-- list_versions --
SELECT revision, version, changelog, grants, created_at FROM plugin_versions
WHERE plugin_id = $1 ORDER BY revision DESC

-- fetch_versions --
SELECT * FROM plugin_versions WHERE plugin_id = $1 AND revision = ANY ($2::integer[])
