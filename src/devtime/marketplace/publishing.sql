-- lock_listing --
SELECT * FROM plugin_listings WHERE name = $1 FOR UPDATE

-- count_listings --
SELECT count(*) FROM plugin_listings WHERE author_id = $1

-- find_alike --
SELECT name FROM plugin_listings WHERE likeness = $1 AND name <> $2

-- insert_listing --
INSERT INTO plugin_listings (id, author_id, name, likeness, display_name, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $6)
ON CONFLICT DO NOTHING RETURNING id

-- update_listing --
-- After the third in the order of `Content`.
UPDATE plugin_listings
SET revision = $2, updated_at = $3, is_published = true, display_name = $4, description = $5, version = $6,
    repository = $7, icon = $8, plugin_type = $9, widget_type = $10, api_endpoint = $11, script = $12,
    settings_schema = $13, grants = $14, category = $15, tags = $16, has_external_access = $17
WHERE id = $1

-- hold_installs --
-- Those whose user was shown as much as the old version asks for, but not as much as the new one.
UPDATE installed_plugins
SET accepted_revision = $2, accepted_version = $3, accepted_script = $4
WHERE plugin_id = $1 AND asked @> $5 AND NOT asked @> $6

-- insert_version --
INSERT INTO plugin_versions (plugin_id, revision, version, changelog, plugin_type, script, source, settings_schema, grants,
    created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- change_changelog --
UPDATE plugin_versions SET changelog = $3 WHERE plugin_id = $1 AND revision = $2

-- forget_versions --
DELETE FROM plugin_versions WHERE plugin_id = $1 AND revision <= $2

-- delete_dependencies --
DELETE FROM plugin_dependencies WHERE plugin_id = $1

-- insert_dependency --
INSERT INTO plugin_dependencies (plugin_id, dependency_name) VALUES ($1, $2)
