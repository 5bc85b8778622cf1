-- fetch_heartbeats --
-- A page of whole heartbeats before $4, from the one after ($2, $3) on, with what each was credited.
SELECT h."time", h.identity, c.tool, c.activity_type, c.project, coalesce(f.path, '') AS file, c.language, c.branch,
    c.machine, c.editor, c.os, coalesce(k.user_agent, '') AS user_agent, l.session, h.cap_ms, h.is_write, h.tokens_in,
    h.tokens_out, h.extra, h.lane_ms, h.active_ms
FROM (
    SELECT * FROM heartbeats
    WHERE user_id = $1 AND ("time", identity) > ($2, $3) AND "time" < $4
    ORDER BY "time", identity LIMIT $5
) h
JOIN contexts c ON c.user_id = $1 AND c.id = h.context_id
JOIN lanes l ON l.user_id = $1 AND l.id = h.lane_id
LEFT JOIN files f ON f.user_id = $1 AND f.id = h.file_id
LEFT JOIN clients k ON k.user_id = $1 AND k.id = h.client_id
ORDER BY h."time", h.identity
