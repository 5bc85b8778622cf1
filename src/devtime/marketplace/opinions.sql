-- lock_available --
SELECT author_id FROM plugin_listings WHERE id = $1 AND is_published AND NOT is_banned FOR UPDATE

-- fetch_rating --
SELECT rating FROM plugin_ratings WHERE user_id = $1 AND plugin_id = $2

-- store_rating --
INSERT INTO plugin_ratings (user_id, plugin_id, rating, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (user_id, plugin_id) DO UPDATE SET rating = excluded.rating, created_at = excluded.created_at

-- count_rating --
UPDATE plugin_listings
SET rating_sum = rating_sum + $2, rating_count = rating_count + $3,
    avg_rating = coalesce(round((rating_sum + $2)::numeric / nullif(rating_count + $3, 0), 2), 0)
WHERE id = $1

-- store_review --
INSERT INTO plugin_reviews (user_id, plugin_id, id, body, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (user_id, plugin_id) DO UPDATE SET body = excluded.body, created_at = excluded.created_at

-- delete_review --
DELETE FROM plugin_reviews WHERE user_id = $1 AND plugin_id = $2

-- count_screenshots --
SELECT count(*) AS "all", count(*) FILTER (WHERE added_by = $2) AS own FROM plugin_screenshots WHERE plugin_id = $1

-- insert_screenshot --
INSERT INTO plugin_screenshots (id, plugin_id, added_by, url, caption, created_at) VALUES ($1, $2, $3, $4, $5, $6)

-- delete_screenshot --
DELETE FROM plugin_screenshots s
WHERE s.id = $1 AND (s.added_by = $2 OR EXISTS (
    SELECT FROM plugin_listings l WHERE l.id = s.plugin_id AND l.author_id = $2))
RETURNING true

-- list_reviews --
SELECT u.username, r.body, g.rating, r.created_at
FROM plugin_reviews r
JOIN users u ON u.id = r.user_id
LEFT JOIN plugin_ratings g ON g.user_id = r.user_id AND g.plugin_id = r.plugin_id
WHERE r.plugin_id = $1 ORDER BY r.created_at DESC, u.username LIMIT $2

-- list_screenshots --
SELECT s.id, s.url, s.caption, u.username, s.created_at
FROM plugin_screenshots s JOIN users u ON u.id = s.added_by
WHERE s.plugin_id = $1 ORDER BY s.created_at, s.id LIMIT $2
