-- find_miscounted_plugins --
SELECT l.id FROM plugin_listings l
LEFT JOIN (SELECT plugin_id, count(*) AS installs FROM installed_plugins GROUP BY plugin_id) i ON i.plugin_id = l.id
LEFT JOIN (SELECT plugin_id, count(*) AS ratings, sum(rating) AS stars FROM plugin_ratings GROUP BY plugin_id) r
    ON r.plugin_id = l.id
WHERE l.install_count <> coalesce(i.installs, 0) OR l.rating_count <> coalesce(r.ratings, 0)
    OR l.rating_sum <> coalesce(r.stars, 0)

-- lock_plugins --
SELECT id FROM plugin_listings WHERE id = $1 FOR UPDATE

-- count_plugins --
SELECT (SELECT count(*) FROM installed_plugins WHERE plugin_id = $1) AS installs,
    (SELECT count(*) FROM plugin_ratings WHERE plugin_id = $1) AS ratings,
    (SELECT coalesce(sum(rating), 0)::bigint FROM plugin_ratings WHERE plugin_id = $1) AS stars

-- mend_plugins --
UPDATE plugin_listings
SET install_count = $2, rating_count = $3, rating_sum = $4::bigint,
    avg_rating = coalesce(round($4::bigint::numeric / nullif($3, 0), 2), 0)
WHERE id = $1

-- find_miscounted_themes --
SELECT l.id FROM theme_listings l
LEFT JOIN (SELECT theme_id, count(*) AS installs FROM installed_themes GROUP BY theme_id) i ON i.theme_id = l.id
WHERE l.install_count <> coalesce(i.installs, 0)

-- lock_themes --
SELECT id FROM theme_listings WHERE id = $1 FOR UPDATE

-- count_themes --
SELECT count(*) AS installs FROM installed_themes WHERE theme_id = $1

-- mend_themes --
UPDATE theme_listings SET install_count = $2 WHERE id = $1
