-- write_log --
WITH run AS (
    UPDATE plugin_runs SET lines = lines + $3 WHERE user_id = $1 AND plugin_id = $2 RETURNING lines
), trimmed AS (
    DELETE FROM plugin_logs l USING run WHERE l.user_id = $1 AND l.plugin_id = $2 AND l.last_line <= run.lines - 500
)
INSERT INTO plugin_logs (user_id, plugin_id, last_line, at, trigger, lines)
SELECT $1, $2, run.lines, now(), $4, $5 FROM run

-- fetch_log --
-- The newest rows up to line $3, enough for $4 lines.
SELECT l.last_line, l.at, l.trigger, l.lines FROM plugin_logs l
WHERE l.user_id = $1 AND l.plugin_id = $2 AND l.last_line - jsonb_array_length(l.lines) < $3
ORDER BY l.last_line DESC LIMIT $4

-- list_runs --
SELECT l.id AS plugin_id, l.name, l.display_name, r.hears, r.next_tick_at, r.failures, r.trouble,
    r.paused_at, r.runs, r.last_run_at, r.lines, r.looked_at IS NOT NULL AS is_known,
    l.is_published AND NOT l.is_banned AS may_run
FROM plugin_runs r JOIN plugin_listings l ON l.id = r.plugin_id
WHERE r.user_id = $1 AND ($2::text IS NULL OR l.name = $2) ORDER BY l.display_name, l.name
