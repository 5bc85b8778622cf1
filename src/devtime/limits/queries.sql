-- put_source --
-- A snapshot that is older than what is known changes nothing; one that failed leaves the lines of the last good one.
INSERT INTO limit_sources AS s (user_id, id, machine, plugin, instance, display_name, plan, icon, brand_color, overview,
                                links, lines, fetched_at, checked_at, error, next_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT (user_id, id) DO UPDATE
SET display_name = excluded.display_name, icon = excluded.icon, brand_color = excluded.brand_color,
    overview = excluded.overview, links = excluded.links, checked_at = excluded.checked_at, error = excluded.error,
    next_at = excluded.next_at, plan = coalesce(excluded.plan, s.plan),
    lines = CASE WHEN excluded.fetched_at IS NULL THEN s.lines ELSE excluded.lines END,
    fetched_at = coalesce(excluded.fetched_at, s.fetched_at)
WHERE excluded.checked_at > s.checked_at
RETURNING id

-- fetch_sources --
SELECT id, machine, plugin, instance, display_name, plan, icon, brand_color, overview, links, lines, fetched_at,
    checked_at, error, next_at
FROM limit_sources WHERE user_id = $1 ORDER BY lower(display_name), plugin, instance, lower(machine), id

-- has_sources --
SELECT EXISTS (SELECT FROM limit_sources WHERE user_id = $1)

-- remove_source --
DELETE FROM limit_sources WHERE user_id = $1 AND id = $2

-- remove_history --
DELETE FROM limit_history WHERE user_id = $1 AND source_id = $2

-- fetch_neighbours --
-- The stretch at or before the instant, and the one after it.
(SELECT since, until, used, most, resets_at FROM limit_history
 WHERE user_id = $1 AND source_id = $2 AND label = $3 AND since <= $4 ORDER BY since DESC LIMIT 1)
UNION ALL
(SELECT since, until, used, most, resets_at FROM limit_history
 WHERE user_id = $1 AND source_id = $2 AND label = $3 AND since > $4 ORDER BY since LIMIT 1)

-- put_stretch --
INSERT INTO limit_history (user_id, source_id, label, since, until, used, most, resets_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (user_id, source_id, label, since) DO UPDATE
SET until = excluded.until, used = excluded.used, most = excluded.most, resets_at = excluded.resets_at

-- put_stretches --
INSERT INTO limit_history (user_id, source_id, label, since, until, used, most, resets_at)
SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::float8[], $7::float8[],
                         $8::timestamptz[])
ON CONFLICT (user_id, source_id, label, since) DO NOTHING

-- remove_stretch --
DELETE FROM limit_history WHERE user_id = $1 AND source_id = $2 AND label = $3 AND since = $4

-- fetch_history --
SELECT source_id, label, since, until, used, most, resets_at FROM limit_history
WHERE user_id = $1 AND until >= $2 AND since < $3 AND ($4::bigint IS NULL OR source_id = $4)
ORDER BY source_id, label, since

-- forget_history --
DELETE FROM limit_history WHERE until < $1
