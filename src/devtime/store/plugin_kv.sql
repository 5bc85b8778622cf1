-- get_value --
SELECT value FROM plugin_kv
WHERE user_id = $1 AND plugin = $2 AND key = $3 AND (expires_at IS NULL OR expires_at > now())

-- set_value --
INSERT INTO plugin_kv (user_id, plugin, key, value, expires_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (user_id, plugin, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at

-- delete_value --
DELETE FROM plugin_kv
WHERE user_id = $1 AND plugin = $2 AND key = $3 RETURNING expires_at IS NULL OR expires_at > now() AS was_there

-- fetch_for_change --
SELECT value, expires_at FROM plugin_kv
WHERE user_id = $1 AND plugin = $2 AND key = $3 AND (expires_at IS NULL OR expires_at > now()) FOR UPDATE

-- expire_value --
UPDATE plugin_kv SET expires_at = $4
WHERE user_id = $1 AND plugin = $2 AND key = $3 AND (expires_at IS NULL OR expires_at > now())

-- fetch_ttl --
SELECT ceil(extract(epoch FROM expires_at - now()))::bigint FROM plugin_kv
WHERE user_id = $1 AND plugin = $2 AND key = $3 AND expires_at > now()

-- lock_values --
SELECT 1 FROM activity_settings WHERE user_id = $1 FOR NO KEY UPDATE

-- measure_values --
SELECT count(*) AS keys, coalesce(sum(octet_length(key) + octet_length(value)), 0)::bigint AS bytes FROM plugin_kv
WHERE user_id = $1 AND plugin = $2 AND key <> $3

-- sweep_values --
DELETE FROM plugin_kv WHERE user_id = $1 AND plugin = $2 AND expires_at <= now()

-- clear_values --
DELETE FROM plugin_kv WHERE user_id = $1 AND plugin = $2
