-- enqueue_install --
-- The plugin hears of what is recorded from now on: what is in the queue already was recorded before it was there.
INSERT INTO plugin_runs (user_id, plugin_id, cursor)
SELECT $1, l.id, coalesce((SELECT max(e.revision) FROM plugin_events e WHERE e.user_id = $1), 0)
FROM plugin_listings l WHERE l.id = $2 AND l.plugin_type = 'lifecycle'
ON CONFLICT (user_id, plugin_id) DO NOTHING

-- begin_anew --
UPDATE plugin_runs r SET hears = true, looked_at = NULL, attempts = 0, failures = 0, trouble = NULL, paused_at = NULL,
    rests_until = now(), done = CASE WHEN r.hears AND r.paused_at IS NULL THEN r.done ELSE 0 END,
    cursor = CASE WHEN r.hears AND r.paused_at IS NULL THEN r.cursor
        ELSE greatest(r.cursor, (SELECT max(e.revision) FROM plugin_events e WHERE e.user_id = $1)) END
WHERE r.user_id = $1 AND r.plugin_id = $2
RETURNING true

-- pause_run --
UPDATE plugin_runs SET paused_at = now(), attempts = 0, failures = 0, trouble = NULL
WHERE user_id = $1 AND plugin_id = $2 AND paused_at IS NULL
RETURNING true

-- forget_run --
DELETE FROM plugin_runs WHERE user_id = $1 AND plugin_id = $2

-- forget_keys --
DELETE FROM plugin_kv k USING plugin_listings l WHERE k.user_id = $1 AND k.plugin = l.name AND l.id = $2

-- find_ready --
-- Runs that have something to do, each user's in turn. $1: how many at the most.
SELECT d.user_id, d.plugin_id FROM (
    SELECT r.user_id, r.plugin_id, r.rests_until,
        row_number() OVER (PARTITION BY r.user_id ORDER BY r.rests_until, r.plugin_id) AS turn
    FROM plugin_runs r
    JOIN plugin_listings l ON l.id = r.plugin_id AND l.is_published AND NOT l.is_banned
    JOIN users u ON u.id = r.user_id AND NOT u.is_disabled AND u.deletion_requested_at IS NULL
    LEFT JOIN (
        SELECT user_id, max(revision) AS newest FROM plugin_events GROUP BY user_id
    ) e ON e.user_id = r.user_id
    WHERE r.paused_at IS NULL AND r.rests_until <= now() AND (r.leased_until IS NULL OR r.leased_until < now())
        AND (r.is_installing OR r.looked_at IS NULL OR r.looked_at < l.updated_at OR r.next_tick_at <= now() OR r.hears AND e.newest > r.cursor)
) d
ORDER BY d.turn, d.rests_until LIMIT $1

-- lease_run --
UPDATE plugin_runs SET lease = $3, leased_until = now() + $4 * interval '1 second'
WHERE user_id = $1 AND plugin_id = $2 AND paused_at IS NULL AND rests_until <= now()
    AND (leased_until IS NULL OR leased_until < now())
RETURNING script_digest, is_installing, hears, cursor, done, attempts, failures,
    coalesce(next_tick_at <= now(), false) AS is_tick_due, now() AS leased_at,
    (SELECT coalesce(looked_at < l.updated_at, true) FROM plugin_listings l WHERE l.id = plugin_id) AS is_look_due

-- note_shape --
-- What the script has: on_install ($5), on_heartbeat ($6), on_tick ($7), which falls on second $8 of each minute.
UPDATE plugin_runs SET script_digest = $4, looked_at = $9, is_installing = is_installing AND $5, hears = $6,
    next_tick_at = CASE WHEN $7 THEN coalesce(next_tick_at,
        to_timestamp((floor((extract(epoch FROM now())::float8 - $8::float8) / 60) + 1) * 60 + $8::float8)) END
WHERE user_id = $1 AND plugin_id = $2 AND lease = $3
RETURNING true

-- settle_call --
-- What became of a call, and what it wrote ($15, $14 lines), unless the lease ($3) was lost: then nothing.
-- One that its user paused meanwhile stays so.
WITH run AS (
    UPDATE plugin_runs SET is_installing = $4, cursor = $5, done = $6, attempts = $7,
        failures = CASE WHEN paused_at IS NULL THEN $8 ELSE 0 END, trouble = CASE WHEN paused_at IS NULL THEN $9 END,
        paused_at = CASE WHEN paused_at IS NULL AND $10 THEN now() ELSE paused_at END, runs = runs + 1, last_run_at = now(), lines = lines + $14,
        leased_until = now() + $16 * interval '1 second',
        next_tick_at = CASE WHEN $11 THEN
            to_timestamp((floor((extract(epoch FROM now())::float8 - $12::float8) / 60) + 1) * 60 + $12::float8)
            ELSE next_tick_at END
    WHERE user_id = $1 AND plugin_id = $2 AND lease = $3 AND leased_until >= now()
    RETURNING lines
), trimmed AS (
    DELETE FROM plugin_logs l USING run WHERE l.user_id = $1 AND l.plugin_id = $2 AND l.last_line <= run.lines - 500
), kept AS (
    INSERT INTO plugin_logs (user_id, plugin_id, last_line, at, trigger, lines)
    SELECT $1, $2, run.lines, now(), $13, $15 FROM run WHERE $14::bigint > 0
)
SELECT true FROM run

-- renew_lease --
UPDATE plugin_runs SET leased_until = now() + $4 * interval '1 second'
WHERE user_id = $1 AND plugin_id = $2 AND lease = $3 AND leased_until >= now()
RETURNING true

-- release_run --
UPDATE plugin_runs SET lease = NULL, leased_until = NULL, rests_until = now() + $4 * interval '1 second'
WHERE user_id = $1 AND plugin_id = $2 AND lease = $3

-- fetch_events --
-- The events after $2, of so many heartbeats ($3) at most, but one at least.
SELECT e.revision, e.times, e.identities FROM (
    SELECT revision, times, identities, sum(cardinality(times)) OVER (ORDER BY revision) AS together
    FROM plugin_events WHERE user_id = $1 AND revision > $2 ORDER BY revision LIMIT 5000
) e
WHERE e.together - cardinality(e.times) < $3
ORDER BY e.revision

-- fetch_beats --
-- As plugins see them. What was deleted meanwhile is not there.
SELECT id, project, language, file, editor, branch, os, machine, duration_seconds, recorded_at, is_write, activity_type
FROM plugin_api.heartbeats
WHERE user_id = $1 AND recorded_at = ANY ($2::timestamptz[]) AND id = ANY ($3::uuid[])

-- sweep_events --
-- What every plugin that listens has been told, and what nobody asked for in a week.
DELETE FROM plugin_events e
WHERE e.recorded_at < now() - interval '7 days' OR NOT EXISTS (
    SELECT FROM plugin_runs r WHERE r.user_id = e.user_id AND r.hears AND r.paused_at IS NULL AND r.cursor < e.revision
)

-- enqueue_missing --
INSERT INTO plugin_runs (user_id, plugin_id, cursor)
SELECT i.user_id, i.plugin_id, coalesce((SELECT max(e.revision) FROM plugin_events e WHERE e.user_id = i.user_id), 0)
FROM installed_plugins i JOIN plugin_listings l ON l.id = i.plugin_id AND l.plugin_type = 'lifecycle'
WHERE i.installed_at < now() - interval '1 minute'
    AND NOT EXISTS (SELECT FROM plugin_runs r WHERE r.user_id = i.user_id AND r.plugin_id = i.plugin_id)
ON CONFLICT (user_id, plugin_id) DO NOTHING
