-- search_listings --
SELECT l.*, u.username AS author_username, u.is_builtin, count(*) OVER () AS total
FROM plugin_listings l JOIN users u ON u.id = l.author_id
WHERE l.is_published AND NOT l.is_banned
    AND ($1::text IS NULL OR lower(l.name) LIKE $1 OR lower(l.display_name) LIKE $1 OR lower(l.description) LIKE $1
        OR EXISTS (SELECT FROM unnest(l.tags) tag WHERE tag LIKE $1))
    AND ($2::text IS NULL OR l.category = $2)
    AND ($3::text IS NULL OR $3 = ANY (l.tags))
    AND ($4::text IS NULL OR l.plugin_type = $4)
    AND ($5::text IS NULL OR u.username = $5)
ORDER BY l.name = $9::text DESC,
    CASE WHEN $6::text = 'installs' THEN l.install_count END DESC,
    CASE WHEN $6 = 'rating' THEN (l.rating_sum + 15.0) / (l.rating_count + 5) END DESC,
    CASE WHEN $6 = 'newest' THEN l.created_at WHEN $6 = 'updated' THEN l.updated_at END DESC,
    CASE WHEN $6 = 'name' THEN lower(l.display_name) END,
    l.name
LIMIT $7 OFFSET $8

-- fetch_listing --
SELECT l.*, u.username AS author_username, u.is_builtin
FROM plugin_listings l JOIN users u ON u.id = l.author_id
WHERE l.id = $1 OR l.name = $2

-- list_own --
SELECT l.*, u.username AS author_username, u.is_builtin
FROM plugin_listings l JOIN users u ON u.id = l.author_id
WHERE l.author_id = $1 AND l.is_published ORDER BY l.updated_at DESC, l.name

-- list_all --
SELECT l.*, u.username AS author_username, u.is_builtin, count(*) OVER () AS total
FROM plugin_listings l JOIN users u ON u.id = l.author_id
WHERE l.is_published ORDER BY l.is_banned DESC, l.updated_at DESC, l.name LIMIT $1 OFFSET $2

-- count_by_category --
SELECT category, count(*) AS plugins FROM plugin_listings WHERE is_published AND NOT is_banned
GROUP BY category ORDER BY category
