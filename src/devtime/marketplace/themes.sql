-- lock_name --
SELECT id, author_id, is_banned FROM theme_listings WHERE name = $1 FOR UPDATE

-- count_themes --
SELECT count(*) FROM theme_listings WHERE author_id = $1

-- insert_theme --
INSERT INTO theme_listings (id, author_id, name, likeness, display_name, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $6)
ON CONFLICT DO NOTHING RETURNING id

-- update_theme --
UPDATE theme_listings
SET display_name = $2, description = nullif(coalesce($3, description), ''), version = coalesce($4, version),
    icon = coalesce($5, icon), variables = $6, updated_at = $7, is_published = true
WHERE id = $1

-- lock_available --
SELECT true FROM theme_listings WHERE id = $1 AND is_published AND NOT is_banned FOR UPDATE

-- lock_theme --
SELECT true FROM theme_listings WHERE id = $1 FOR UPDATE

-- insert_install --
INSERT INTO installed_themes (user_id, theme_id, installed_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING true

-- delete_install --
DELETE FROM installed_themes WHERE user_id = $1 AND theme_id = $2 RETURNING true

-- count_install --
UPDATE theme_listings SET install_count = greatest(0, install_count + $2) WHERE id = $1

-- take_off --
UPDATE user_theme_prefs SET active_theme_id = NULL WHERE user_id = $1 AND active_theme_id = $2

-- store_prefs --
INSERT INTO user_theme_prefs AS p (user_id, active_theme_id, custom_vars, updated_at)
VALUES ($1, $2, coalesce($3::jsonb, '{}'), $4)
ON CONFLICT (user_id) DO UPDATE
SET active_theme_id = excluded.active_theme_id, custom_vars = coalesce($3::jsonb, p.custom_vars),
    updated_at = excluded.updated_at

-- fetch_worn --
SELECT p.custom_vars, t.id, u.username AS author_username, t.name, t.display_name, t.description, t.version, t.icon,
    t.variables, t.install_count
FROM user_theme_prefs p
LEFT JOIN theme_listings t ON t.id = p.active_theme_id AND t.is_published AND NOT t.is_banned
LEFT JOIN users u ON u.id = t.author_id
WHERE p.user_id = $1

-- list_themes --
SELECT t.*, u.username AS author_username FROM theme_listings t JOIN users u ON u.id = t.author_id
WHERE t.is_published AND NOT t.is_banned AND (t.name LIKE $1 OR lower(t.display_name) LIKE $1 OR lower(t.description) LIKE $1)
ORDER BY t.install_count DESC, t.name LIMIT $2 OFFSET $3

-- list_installed --
SELECT t.*, u.username AS author_username
FROM installed_themes i JOIN theme_listings t ON t.id = i.theme_id JOIN users u ON u.id = t.author_id
WHERE i.user_id = $1 AND t.is_published AND NOT t.is_banned ORDER BY i.installed_at, t.name

-- withdraw --
UPDATE theme_listings SET is_published = false
WHERE id = $1 AND is_published AND ($2::uuid IS NULL OR author_id = $2) RETURNING true
