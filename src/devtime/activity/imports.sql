-- insert_import --
INSERT INTO jobs (user_id, id, kind, arguments, progress, created_at, touched_at) VALUES ($1, $2, 'import', $3, $4, $5, $5)

-- count_open_imports --
SELECT count(*) FROM jobs WHERE user_id = $1 AND kind = 'import' AND state IN ('waiting', 'running')

-- list_imports --
SELECT * FROM jobs WHERE user_id = $1 AND kind = 'import' ORDER BY created_at DESC, id LIMIT $2

-- fetch_import --
SELECT * FROM jobs WHERE user_id = $1 AND id = $2 AND kind = 'import'

-- delete_import --
DELETE FROM jobs WHERE user_id = $1 AND id = $2 AND kind = 'import' RETURNING arguments

-- find_import --
-- The oldest that waits, or whose process has not been heard of since $1; of nobody who has one running already, so that
-- one user's long files keep only that user waiting.
SELECT user_id, id FROM jobs w
WHERE kind = 'import' AND (state = 'waiting' OR (state = 'running' AND touched_at < $1))
    AND NOT EXISTS (
        SELECT FROM jobs r
        WHERE r.user_id = w.user_id AND r.kind = 'import' AND r.state = 'running' AND r.touched_at >= $1
    )
ORDER BY created_at, id LIMIT 1

-- claim_import --
UPDATE jobs SET state = 'running', touched_at = $3,
    arguments = arguments || jsonb_build_object('attempts', coalesce((arguments ->> 'attempts')::integer, 0) + 1)
WHERE user_id = $1 AND id = $2 AND (state = 'waiting' OR (state = 'running' AND touched_at < $4))
RETURNING *

-- note_progress --
UPDATE jobs SET progress = $3, touched_at = $4 WHERE user_id = $1 AND id = $2 AND state = 'running'

-- release_import --
UPDATE jobs SET state = 'waiting',
    arguments = arguments || jsonb_build_object('attempts', (arguments ->> 'attempts')::integer - 1)
WHERE user_id = $1 AND id = $2 AND state = 'running'

-- end_import --
UPDATE jobs SET state = $3, error = $4, progress = $5, touched_at = $6
WHERE user_id = $1 AND id = $2 AND state = 'running'

-- delete_old_imports --
DELETE FROM jobs WHERE kind = 'import' AND state IN ('done', 'failed') AND touched_at < $1

-- fetch_import_paths --
SELECT arguments ->> 'path' FROM jobs WHERE kind = 'import' AND state IN ('waiting', 'running')

-- restore_counting --
UPDATE activity_settings SET timeout_ms = $2, wanted_timeout_ms = $2, privacy_salt = $3 WHERE user_id = $1
