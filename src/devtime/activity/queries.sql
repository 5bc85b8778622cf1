-- fetch_settings --
SELECT * FROM activity_settings WHERE user_id = $1

-- lock_user --
UPDATE activity_settings SET revision = revision + 1 WHERE user_id = $1 RETURNING *

-- fetch_neighbourhood --
-- First the user's settings. Then, of windows of the whole stream ($2, $3) and of single lanes ($4, $5, $6), all rows
-- inside a stream window, and the row just before and just after each window. OFFSET 0 keeps the planner from reading
-- all of a user's rows once for however many windows there may be; (SELECT $2) hides how many there are, so that one
-- plan is as good as another and the statement is not planned anew each time, which would cost more than running it.
WITH stream AS (
    SELECT * FROM unnest((SELECT $2::timestamptz[]), $3::timestamptz[]) AS w (first, last)
), lane AS (
    SELECT * FROM unnest((SELECT $4::bigint[]), $5::timestamptz[], $6::timestamptz[]) AS w (lane_id, first, last)
)
SELECT to_jsonb(s) AS settings, NULL::timestamptz AS "time", NULL::bigint AS identity, NULL::bigint AS lane_id,
    NULL::bigint AS context_id, NULL::integer AS cap_ms, NULL::integer AS lane_ms, NULL::integer AS active_ms
FROM activity_settings s WHERE s.user_id = $1
UNION ALL
SELECT NULL, h.* FROM stream w, LATERAL (
    SELECT "time", identity, lane_id, context_id, cap_ms, lane_ms, active_ms FROM heartbeats
    WHERE user_id = $1 AND "time" BETWEEN w.first AND w.last OFFSET 0
) h
UNION ALL
SELECT NULL, h.* FROM stream w, LATERAL (
    SELECT "time", identity, lane_id, context_id, cap_ms, lane_ms, active_ms FROM heartbeats
    WHERE user_id = $1 AND "time" < w.first ORDER BY "time" DESC, identity DESC LIMIT 1
) h
UNION ALL
SELECT NULL, h.* FROM stream w, LATERAL (
    SELECT "time", identity, lane_id, context_id, cap_ms, lane_ms, active_ms FROM heartbeats
    WHERE user_id = $1 AND "time" > w.last ORDER BY "time", identity LIMIT 1
) h
UNION ALL
SELECT NULL, h.* FROM lane w, LATERAL (
    SELECT "time", identity, lane_id, context_id, cap_ms, lane_ms, active_ms FROM heartbeats
    WHERE user_id = $1 AND lane_id = w.lane_id AND "time" < w.first ORDER BY "time" DESC, identity DESC LIMIT 1
) h
UNION ALL
SELECT NULL, h.* FROM lane w, LATERAL (
    SELECT "time", identity, lane_id, context_id, cap_ms, lane_ms, active_ms FROM heartbeats
    WHERE user_id = $1 AND lane_id = w.lane_id AND "time" > w.last ORDER BY "time", identity LIMIT 1
) h

-- write_changes --
-- All or, if the user is not at the revision any more that was looked at ($2), nothing; answers whether it was done.
-- (SELECT $16): as in fetch_neighbourhood.
WITH guard AS (
    UPDATE activity_settings SET revision = revision + 1 WHERE user_id = $1 AND revision = $2 RETURNING revision
), inserted AS (
    INSERT INTO heartbeats (user_id, "time", identity, lane_id, context_id, file_id, client_id, cap_ms, lane_ms,
                            active_ms, is_write, tokens_in, tokens_out, extra)
    SELECT $1, u.* FROM guard, unnest($3::timestamptz[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
                                      $8::bigint[], $9::integer[], $10::integer[], $11::integer[], $12::boolean[],
                                      $13::bigint[], $14::bigint[], $15::jsonb[]) AS u
), updated AS (
    UPDATE heartbeats h SET lane_ms = u.lane_ms, active_ms = u.active_ms
    FROM guard, unnest((SELECT $16::timestamptz[]), $17::bigint[], $18::integer[], $19::integer[])
        AS u ("time", identity, lane_ms, active_ms)
    WHERE h.user_id = $1 AND h."time" = u."time" AND h.identity = u.identity
), summed AS (
    INSERT INTO activity_slots AS s (user_id, slot, context_id, lane_ms, active_ms, heartbeats)
    SELECT $1, u.* FROM guard, unnest($20::integer[], $21::bigint[], $22::bigint[], $23::bigint[], $24::integer[]) AS u
    ON CONFLICT (user_id, slot, context_id) DO UPDATE
    SET lane_ms = s.lane_ms + excluded.lane_ms,
        active_ms = s.active_ms + excluded.active_ms,
        heartbeats = s.heartbeats + excluded.heartbeats
) /* witness */
SELECT count(*) = 1 FROM guard

-- has_heartbeats --
SELECT EXISTS (SELECT FROM heartbeats WHERE user_id = $1)

-- ensure_contexts --
INSERT INTO contexts (user_id, id, tool, project, language, branch, activity_type, editor, os, machine)
SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                         $9::text[], $10::text[])
ON CONFLICT (user_id, id) DO NOTHING

-- ensure_lanes --
INSERT INTO lanes (user_id, id, tool, machine, session)
SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[])
ON CONFLICT (user_id, id) DO NOTHING

-- ensure_files --
INSERT INTO files (user_id, id, path) SELECT $1, * FROM unnest($2::bigint[], $3::text[])
ON CONFLICT (user_id, id) DO NOTHING

-- ensure_clients --
INSERT INTO clients (user_id, id, user_agent) SELECT $1, * FROM unnest($2::bigint[], $3::text[])
ON CONFLICT (user_id, id) DO NOTHING

-- rebuild_credits --
WITH spans AS (
    SELECT "time", identity, cap_ms,
        (extract(epoch FROM lead("time") OVER (PARTITION BY lane_id ORDER BY "time", identity) - "time") * 1000)::bigint
            AS lane_gap,
        (extract(epoch FROM lead("time") OVER (ORDER BY "time", identity) - "time") * 1000)::bigint AS stream_gap
    FROM heartbeats WHERE user_id = $1
), credits AS (
    SELECT "time", identity,
        CASE WHEN cap_ms IS NOT NULL THEN least(cap_ms, lane_gap) WHEN lane_gap < $2 THEN lane_gap ELSE 0 END AS lane_ms,
        CASE WHEN cap_ms IS NOT NULL THEN least(cap_ms, stream_gap) WHEN stream_gap < $2 THEN stream_gap ELSE 0 END
            AS active_ms
    FROM spans
)
UPDATE heartbeats h SET lane_ms = c.lane_ms, active_ms = c.active_ms
FROM credits c
WHERE h.user_id = $1 AND h."time" = c."time" AND h.identity = c.identity
    AND (h.lane_ms <> c.lane_ms OR h.active_ms <> c.active_ms)

-- delete_slots --
DELETE FROM activity_slots WHERE user_id = $1

-- rebuild_slots --
INSERT INTO activity_slots (user_id, slot, context_id, lane_ms, active_ms, heartbeats)
SELECT $1, d.slot, d.context_id, sum(d.lane_ms), sum(d.active_ms), sum(d.heartbeats) FROM (
    SELECT slot, context_id,
        greatest(0, least(ms + lane_ms, (slot + 1) * 900000) - greatest(ms, slot * 900000)) AS lane_ms,
        greatest(0, least(ms + active_ms, (slot + 1) * 900000) - greatest(ms, slot * 900000)) AS active_ms,
        (slot = ms / 900000)::integer AS heartbeats
    FROM (
        SELECT (extract(epoch FROM "time") * 1000)::bigint AS ms, context_id, lane_ms, active_ms
        FROM heartbeats WHERE user_id = $1
    ) h, LATERAL generate_series(ms / 900000, (ms + greatest(lane_ms, active_ms, 1) - 1) / 900000) AS slot
) d
GROUP BY d.slot, d.context_id

-- settle_timeout --
UPDATE activity_settings SET timeout_ms = wanted_timeout_ms WHERE user_id = $1

-- raise_epoch --
UPDATE activity_settings SET epoch = epoch + 1 WHERE user_id = $1

-- fetch_raw --
SELECT "time", identity, lane_id, context_id, cap_ms, lane_ms, active_ms FROM heartbeats
WHERE user_id = $1 ORDER BY "time", identity

-- fetch_slots --
SELECT slot, context_id, lane_ms, active_ms, heartbeats FROM activity_slots
WHERE user_id = $1 AND (lane_ms <> 0 OR active_ms <> 0 OR heartbeats <> 0)

-- fetch_orphans --
SELECT count(*) FROM heartbeats h
WHERE h.user_id = $1 AND (
    NOT EXISTS (SELECT FROM contexts c WHERE c.user_id = $1 AND c.id = h.context_id)
    OR NOT EXISTS (SELECT FROM lanes l WHERE l.user_id = $1 AND l.id = h.lane_id)
    OR (h.file_id IS NOT NULL AND NOT EXISTS (SELECT FROM files f WHERE f.user_id = $1 AND f.id = h.file_id))
    OR (h.client_id IS NOT NULL AND NOT EXISTS (SELECT FROM clients k WHERE k.user_id = $1 AND k.id = h.client_id))
)

-- find_unsettled --
SELECT user_id FROM activity_settings WHERE timeout_ms <> wanted_timeout_ms
