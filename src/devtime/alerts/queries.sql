-- fetch_standing --
SELECT source_id, label, rule, fired_at, used, most, resets_at, ended_at FROM limit_alerts
WHERE user_id = $1 AND source_id = ANY ($2::bigint[]) AND ended_at IS NULL

-- fire_alerts --
INSERT INTO limit_alerts (user_id, source_id, label, rule, fired_at, used, most, resets_at)
SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::timestamptz[], $6::float8[], $7::float8[],
                         $8::timestamptz[])
ON CONFLICT (user_id, source_id, label, rule, fired_at) DO NOTHING

-- end_alert --
UPDATE limit_alerts SET ended_at = $5
WHERE user_id = $1 AND source_id = $2 AND label = $3 AND rule = $4 AND ended_at IS NULL

-- fetch_alerts --
SELECT source_id, label, rule, fired_at, used, most, resets_at, ended_at FROM limit_alerts
WHERE user_id = $1 AND (ended_at IS NULL OR fired_at >= $2) ORDER BY fired_at DESC LIMIT 200

-- forget_alerts --
DELETE FROM limit_alerts WHERE fired_at < $1

-- remove_alerts --
DELETE FROM limit_alerts WHERE user_id = $1 AND source_id = $2
