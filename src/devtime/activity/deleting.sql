-- delete_heartbeats --
-- Of the range [$2, $3) and the contexts $4; null is no bound.
DELETE FROM heartbeats
WHERE user_id = $1 AND ($2::timestamptz IS NULL OR "time" >= $2) AND ($3::timestamptz IS NULL OR "time" < $3)
    AND ($4::bigint[] IS NULL OR context_id IN (SELECT unnest($4::bigint[])))

-- delete_excluded --
DELETE FROM heartbeats WHERE user_id = $1
    AND (context_id IN (SELECT unnest($2::bigint[])) OR file_id IN (SELECT unnest($3::bigint[])))

-- prune_contexts --
DELETE FROM contexts c
WHERE c.user_id = $1 AND NOT EXISTS (SELECT FROM heartbeats h WHERE h.user_id = $1 AND h.context_id = c.id)

-- prune_lanes --
DELETE FROM lanes l
WHERE l.user_id = $1 AND NOT EXISTS (SELECT FROM heartbeats h WHERE h.user_id = $1 AND h.lane_id = l.id)

-- prune_files --
DELETE FROM files f
WHERE f.user_id = $1 AND NOT EXISTS (SELECT FROM heartbeats h WHERE h.user_id = $1 AND h.file_id = f.id)

-- prune_clients --
DELETE FROM clients k
WHERE k.user_id = $1 AND NOT EXISTS (SELECT FROM heartbeats h WHERE h.user_id = $1 AND h.client_id = k.id)

-- fetch_projects --
SELECT id, project FROM contexts WHERE user_id = $1

-- fetch_files --
SELECT id, path FROM files WHERE user_id = $1

-- fetch_branched_contexts --
SELECT id, tool, project, language, branch, activity_type, editor, os, machine FROM contexts
WHERE user_id = $1 AND branch <> ''

-- move_files --
UPDATE heartbeats h SET file_id = m.new_id
FROM unnest($2::bigint[], $3::bigint[]) AS m (old_id, new_id)
WHERE h.user_id = $1 AND h.file_id = m.old_id

-- move_contexts --
UPDATE heartbeats h SET context_id = m.new_id
FROM unnest($2::bigint[], $3::bigint[]) AS m (old_id, new_id)
WHERE h.user_id = $1 AND h.context_id = m.old_id

-- strip_extra --
UPDATE heartbeats SET extra = nullif(extra - $2::text[], '{}'::jsonb) WHERE user_id = $1 AND extra ?| $2::text[]

-- fetch_retentions --
SELECT user_id, retention_days FROM activity_settings WHERE retention_days IS NOT NULL

-- has_older --
SELECT EXISTS (SELECT FROM heartbeats WHERE user_id = $1 AND "time" < $2)

-- want_timeout --
UPDATE activity_settings SET wanted_timeout_ms = $2 WHERE user_id = $1

-- choose_privacy --
UPDATE activity_settings
SET file_privacy = $2, branch_privacy = $3, exclude_projects = $4, exclude_file_patterns = $5
WHERE user_id = $1

-- choose_retention --
UPDATE activity_settings SET retention_days = $2 WHERE user_id = $1
