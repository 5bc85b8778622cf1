-- fetch_context_ids --
SELECT id FROM contexts
WHERE user_id = $1
    AND ($2::text[] IS NULL OR project = ANY ($2))
    AND ($3::text[] IS NULL OR language = ANY ($3))
    AND ($4::text[] IS NULL OR tool = ANY ($4))
    AND ($5::text[] IS NULL OR branch = ANY ($5))
    AND ($6::text[] IS NULL OR machine = ANY ($6))
    AND ($7::text[] IS NULL OR editor = ANY ($7))
    AND ($8::text[] IS NULL OR os = ANY ($8))
    AND ($9::text[] IS NULL OR activity_type = ANY ($9))
    AND ($10::text[] IS NULL OR tool = ANY ($10) OR activity_type = ANY ($11))

-- fetch_contexts --
SELECT id, tool, project, language, branch, activity_type, editor, os, machine FROM contexts
WHERE user_id = $1 AND id = ANY ($2::bigint[])

-- tally_slots --
-- Contexts are looked up in a hash (IN (SELECT …)): `= ANY` would go through the whole array for each row here.
-- Local day of a slot: the offset of its stretch ($4, picked by the transitions $5) added, divided by 96.
SELECT (slot + ($4::integer[])[width_bucket(slot, $5::integer[]) + 1]) / 96 AS day, context_id,
    sum(lane_ms)::bigint, sum(active_ms)::bigint, sum(heartbeats)::bigint
FROM activity_slots
WHERE user_id = $1 AND slot >= $2 AND slot < $3
    AND ($6::bigint[] IS NULL OR context_id IN (SELECT unnest($6::bigint[])))
GROUP BY 1, 2

-- tally_edge --
-- A stretch inside one slot, from the credits of the heartbeats that reach into it.
SELECT (slot + ($4::integer[])[width_bucket(slot, $5::integer[]) + 1]) / 96 AS day, context_id,
    sum(greatest(0, least(ms + lane_ms, end_ms) - greatest(ms, start_ms)))::bigint,
    sum(greatest(0, least(ms + active_ms, end_ms) - greatest(ms, start_ms)))::bigint,
    count(*) FILTER (WHERE ms >= start_ms)
FROM (
    SELECT (extract(epoch FROM "time") * 1000)::bigint AS ms, lane_ms, active_ms, context_id,
        (extract(epoch FROM $2::timestamptz) * 1000)::bigint AS start_ms,
        (extract(epoch FROM $3::timestamptz) * 1000)::bigint AS end_ms,
        floor(extract(epoch FROM $2::timestamptz) / 900)::integer AS slot
    FROM heartbeats
    WHERE user_id = $1 AND "time" > $2::timestamptz - interval '24 hours' AND "time" < $3
        AND ($6::bigint[] IS NULL OR context_id IN (SELECT unnest($6::bigint[])))
) h
WHERE ms >= start_ms OR ms + greatest(lane_ms, active_ms) > start_ms
GROUP BY 1, 2

-- tally_heartbeats --
-- The same as tally_slots for a timeout ($7, ms) the slots were not built with, or as if only the writes were known ($8).
WITH beats AS (
    SELECT (extract(epoch FROM "time") * 1000)::bigint AS ms, context_id, cap_ms,
        (extract(epoch FROM lead("time") OVER (PARTITION BY lane_id ORDER BY "time", identity) - "time") * 1000)::bigint
            AS lane_gap,
        (extract(epoch FROM lead("time") OVER (ORDER BY "time", identity) - "time") * 1000)::bigint AS stream_gap
    FROM heartbeats
    WHERE user_id = $1 AND "time" > $2::timestamptz - interval '24 hours'
        AND "time" < $3::timestamptz + interval '24 hours' AND (is_write OR NOT $8)
), credits AS (
    SELECT ms, context_id,
        CASE WHEN cap_ms IS NOT NULL THEN least(cap_ms, lane_gap) WHEN lane_gap < $7 THEN lane_gap ELSE 0 END AS lane_ms,
        CASE WHEN cap_ms IS NOT NULL THEN least(cap_ms, stream_gap) WHEN stream_gap < $7 THEN stream_gap ELSE 0 END
            AS active_ms,
        (extract(epoch FROM $2::timestamptz) * 1000)::bigint AS start_ms,
        (extract(epoch FROM $3::timestamptz) * 1000)::bigint AS end_ms
    FROM beats
), parts AS (
    SELECT slot::integer AS slot, context_id, ms, start_ms, end_ms,
        greatest(0, least(ms + lane_ms, (slot + 1) * 900000, end_ms) - greatest(ms, slot * 900000, start_ms)) AS lane_ms,
        greatest(0, least(ms + active_ms, (slot + 1) * 900000, end_ms) - greatest(ms, slot * 900000, start_ms))
            AS active_ms,
        (slot = ms / 900000 AND ms >= start_ms AND ms < end_ms)::integer AS heartbeats
    FROM credits,
        LATERAL generate_series(ms / 900000, (ms + greatest(lane_ms, active_ms, 1) - 1) / 900000) AS slot
    WHERE $6::bigint[] IS NULL OR context_id IN (SELECT unnest($6::bigint[]))
)
SELECT (slot + ($4::integer[])[width_bucket(slot, $5::integer[]) + 1]) / 96 AS day, context_id,
    sum(lane_ms)::bigint, sum(active_ms)::bigint, sum(heartbeats)::bigint
FROM parts
WHERE lane_ms > 0 OR active_ms > 0 OR heartbeats > 0
GROUP BY 1, 2

-- tally_week_hours --
-- Credit by weekday (0 = Sunday) and hour of local time.
SELECT ((local / 96) + 4) % 7 AS weekday, (local % 96) / 4 AS hour, sum(lane_ms)::bigint, sum(active_ms)::bigint,
    sum(heartbeats)::bigint
FROM (
    SELECT slot + ($4::integer[])[width_bucket(slot, $5::integer[]) + 1] AS local, lane_ms, active_ms, heartbeats
    FROM activity_slots
    WHERE user_id = $1 AND slot >= $2 AND slot < $3
        AND ($6::bigint[] IS NULL OR context_id IN (SELECT unnest($6::bigint[])))
) s
GROUP BY 1, 2

-- fetch_active_days --
SELECT DISTINCT (slot + ($2::integer[])[width_bucket(slot, $3::integer[]) + 1]) / 96 AS day
FROM activity_slots
WHERE user_id = $1 AND (lane_ms > 0 OR active_ms > 0)
ORDER BY 1

-- fetch_sessions --
-- Runs of heartbeats of one tool and project with no gap of the timeout ($4, ms) or more. Looks at $7 to $8, wider than
-- the range. Stored credits are right for the timeout they were made with ($9); for another they are worked out anew.
WITH credited AS (
    SELECT "time", identity, context_id, lane_ms, active_ms FROM heartbeats
    WHERE user_id = $1 AND "time" >= $7 AND "time" < $8 AND $9
    UNION ALL
    SELECT "time", identity, context_id,
        CASE WHEN cap_ms IS NOT NULL THEN least(cap_ms, lane_gap) WHEN lane_gap < $4 THEN lane_gap ELSE 0 END,
        CASE WHEN cap_ms IS NOT NULL THEN least(cap_ms, stream_gap) WHEN stream_gap < $4 THEN stream_gap ELSE 0 END
    FROM (
        SELECT "time", identity, context_id, cap_ms,
            (extract(epoch FROM lead("time") OVER (PARTITION BY lane_id ORDER BY "time", identity) - "time")
                * 1000)::bigint AS lane_gap,
            (extract(epoch FROM lead("time") OVER (ORDER BY "time", identity) - "time") * 1000)::bigint AS stream_gap
        FROM heartbeats
        WHERE user_id = $1 AND "time" >= $7 AND "time" < $8::timestamptz + interval '24 hours' AND NOT $9
    ) g
    WHERE "time" < $8
), beats AS (
    SELECT "time", identity, lane_ms, active_ms, c.tool, c.project, c.language, c.branch,
        "time" - lag("time") OVER (PARTITION BY c.tool, c.project ORDER BY "time", identity) AS gap
    FROM credited h JOIN contexts c ON c.user_id = $1 AND c.id = h.context_id
    WHERE ($5::text[] IS NULL OR c.project = ANY ($5)) AND ($6::text[] IS NULL OR c.tool = ANY ($6))
), runs AS (
    SELECT *, count(*) FILTER (WHERE gap IS NULL OR gap >= $4 * interval '1 millisecond')
        OVER (PARTITION BY tool, project ORDER BY "time", identity) AS run
    FROM beats
)
SELECT tool, project, min("time") AS first, max("time") AS last,
    max("time" + lane_ms * interval '1 millisecond') AS ended,
    max("time" + greatest(lane_ms, active_ms, 1) * interval '1 millisecond') AS reached,
    sum(lane_ms)::bigint AS lane_ms, sum(active_ms)::bigint AS active_ms, count(*) AS heartbeats,
    (array_agg(identity ORDER BY "time", identity))[1] AS first_identity,
    mode() WITHIN GROUP (ORDER BY language) AS language, mode() WITHIN GROUP (ORDER BY branch) AS branch
FROM runs
GROUP BY tool, project, run
HAVING min("time") < $3 AND max("time") >= $2
ORDER BY first, tool, project

-- list_heartbeats --
-- One page of the heartbeats of [$2, $3), oldest first.
SELECT h."time", h.identity, c.tool, c.project, c.language, c.branch, c.activity_type, c.editor, c.os, c.machine,
    coalesce(f.path, '') AS file, l.session, h.cap_ms, h.lane_ms, h.active_ms, h.is_write, h.tokens_in, h.tokens_out
FROM (
    SELECT * FROM heartbeats
    WHERE user_id = $1 AND "time" >= $2 AND "time" < $3
        AND ($4::bigint[] IS NULL OR context_id IN (SELECT unnest($4::bigint[])))
        AND ($7::bigint[] IS NULL OR coalesce(file_id, 0) = ANY ($7))
    ORDER BY "time", identity LIMIT $5 OFFSET $6
) h
JOIN contexts c ON c.user_id = $1 AND c.id = h.context_id
JOIN lanes l ON l.user_id = $1 AND l.id = h.lane_id
LEFT JOIN files f ON f.user_id = $1 AND f.id = h.file_id
ORDER BY h."time", h.identity

-- sum_heartbeats --
-- Sums before (0), on (1) and after (2) that page, and what earlier heartbeats carry into the range (3); whole, and
-- cut to the range.
SELECT CASE WHEN is_earlier THEN 3 WHEN place <= $6 THEN 0 WHEN place <= $6 + $5 THEN 1 ELSE 2 END AS part, count(*),
    sum(lane_ms)::bigint, sum(active_ms)::bigint,
    sum(greatest(0, least(ms + lane_ms, end_ms) - greatest(ms, start_ms)))::bigint,
    sum(greatest(0, least(ms + active_ms, end_ms) - greatest(ms, start_ms)))::bigint
FROM (
    SELECT row_number() OVER (PARTITION BY "time" < $2 ORDER BY "time", identity) AS place, lane_ms, active_ms,
        "time" < $2 AS is_earlier,
        (extract(epoch FROM "time") * 1000)::bigint AS ms,
        (extract(epoch FROM $2::timestamptz) * 1000)::bigint AS start_ms,
        (extract(epoch FROM $3::timestamptz) * 1000)::bigint AS end_ms
    FROM heartbeats
    WHERE user_id = $1 AND "time" > $2::timestamptz - interval '24 hours' AND "time" < $3
        AND ("time" >= $2 OR "time" + greatest(lane_ms, active_ms) * interval '1 millisecond' > $2)
        AND ($4::bigint[] IS NULL OR context_id IN (SELECT unnest($4::bigint[])))
        AND ($7::bigint[] IS NULL OR coalesce(file_id, 0) = ANY ($7))
) h
GROUP BY 1

-- fetch_file_ids --
SELECT id FROM files WHERE user_id = $1 AND path = ANY ($2)

-- tally_files --
SELECT coalesce(f.path, '') AS file, sum(t.lane_ms)::bigint AS lane_ms, sum(t.active_ms)::bigint AS active_ms,
    sum(t.heartbeats)::bigint AS heartbeats
FROM (
    SELECT file_id, sum(greatest(0, least(ms + lane_ms, end_ms) - greatest(ms, start_ms))) AS lane_ms,
        sum(greatest(0, least(ms + active_ms, end_ms) - greatest(ms, start_ms))) AS active_ms,
        count(*) FILTER (WHERE ms >= start_ms) AS heartbeats
    FROM (
        SELECT file_id, lane_ms, active_ms, (extract(epoch FROM "time") * 1000)::bigint AS ms,
            (extract(epoch FROM $2::timestamptz) * 1000)::bigint AS start_ms,
            (extract(epoch FROM $3::timestamptz) * 1000)::bigint AS end_ms
        FROM heartbeats
        WHERE user_id = $1 AND "time" > $2::timestamptz - interval '24 hours' AND "time" < $3
            AND ($4::bigint[] IS NULL OR context_id IN (SELECT unnest($4::bigint[])))
    ) h
    GROUP BY file_id
) t LEFT JOIN files f ON f.user_id = $1 AND f.id = t.file_id
GROUP BY 1
HAVING sum(t.lane_ms) > 0 OR sum(t.active_ms) > 0 OR sum(t.heartbeats) > 0
ORDER BY 2 DESC, 3 DESC, 1

-- fetch_names --
SELECT DISTINCT tool, project, language, branch, editor, machine, os, activity_type FROM contexts WHERE user_id = $1

-- fetch_project_spans --
-- First and last heartbeat of every project: the slots tell where to look, the heartbeats tell exactly.
WITH edges AS (
    SELECT c.project, min(s.slot) AS first_slot, max(s.slot) AS last_slot, array_agg(DISTINCT c.id) AS ids
    FROM activity_slots s JOIN contexts c ON c.user_id = $1 AND c.id = s.context_id
    WHERE s.user_id = $1 AND s.heartbeats > 0
    GROUP BY c.project
)
SELECT e.project,
    (SELECT min("time") FROM heartbeats h WHERE h.user_id = $1 AND h.context_id = ANY (e.ids)
        AND h."time" >= to_timestamp(e.first_slot * 900.0) AND h."time" < to_timestamp((e.first_slot + 1) * 900.0)) AS first,
    (SELECT max("time") FROM heartbeats h WHERE h.user_id = $1 AND h.context_id = ANY (e.ids)
        AND h."time" >= to_timestamp(e.last_slot * 900.0) AND h."time" < to_timestamp((e.last_slot + 1) * 900.0)) AS last
FROM edges e

-- fetch_latest --
-- The newest heartbeat, and with it whether there is any.
SELECT h."time", c.tool, c.project FROM heartbeats h JOIN contexts c ON c.user_id = $1 AND c.id = h.context_id
WHERE h.user_id = $1 ORDER BY h."time" DESC, h.identity DESC LIMIT 1

-- fetch_first_slot --
SELECT min(slot) FROM activity_slots WHERE user_id = $1

-- tally_days_until --
-- Sums per local day of the quarter-hours that begin before a time of day ($6, in slots after midnight).
SELECT local / 96 AS day, sum(lane_ms)::bigint, sum(active_ms)::bigint, sum(heartbeats)::bigint
FROM (
    SELECT slot + ($4::integer[])[width_bucket(slot, $5::integer[]) + 1] AS local, lane_ms, active_ms, heartbeats
    FROM activity_slots
    WHERE user_id = $1 AND slot >= $2 AND slot < $3
) s
WHERE local % 96 < $6
GROUP BY 1

-- fetch_last_names --
-- What the newest heartbeat of a project up to an instant ($2) was about.
SELECT c.project, c.branch, c.language FROM heartbeats h JOIN contexts c ON c.user_id = $1 AND c.id = h.context_id
WHERE h.user_id = $1 AND h."time" <= $2 AND c.project <> ''
ORDER BY h."time" DESC, h.identity DESC LIMIT 1

-- fetch_stream --
-- The wall-clock credit of every heartbeat that reaches into [$2, $3), oldest first.
SELECT h."time", h.active_ms, h.context_id, coalesce(f.path, '') AS file
FROM heartbeats h LEFT JOIN files f ON f.user_id = $1 AND f.id = h.file_id
WHERE h.user_id = $1 AND h."time" > $2::timestamptz - interval '24 hours' AND h."time" < $3
    AND h."time" + h.active_ms * interval '1 millisecond' > $2 AND h.active_ms > 0
    AND ($4::bigint[] IS NULL OR h.context_id IN (SELECT unnest($4::bigint[])))
ORDER BY h."time", h.identity

-- list_sent_heartbeats --
SELECT h."time", h.identity, c.project, c.language, c.branch, c.activity_type, c.machine, f.path AS file, l.session,
    k.id AS client_id, h.is_write, h.tokens_in, h.tokens_out, h.extra, h.created_at
FROM heartbeats h
JOIN contexts c ON c.user_id = $1 AND c.id = h.context_id
JOIN lanes l ON l.user_id = $1 AND l.id = h.lane_id
LEFT JOIN files f ON f.user_id = $1 AND f.id = h.file_id
LEFT JOIN clients k ON k.user_id = $1 AND k.id = h.client_id
WHERE h.user_id = $1 AND h."time" >= $2 AND h."time" < $3
ORDER BY h."time", h.identity

-- list_clients --
SELECT k.id, k.user_agent, min(h."time") AS first, max(h."time") AS last
FROM clients k JOIN heartbeats h ON h.user_id = $1 AND h.client_id = k.id
WHERE k.user_id = $1
GROUP BY k.id, k.user_agent
ORDER BY last DESC, k.id

-- list_machines --
SELECT c.machine, min(h."time") AS first, max(h."time") AS last
FROM heartbeats h JOIN contexts c ON c.user_id = $1 AND c.id = h.context_id
WHERE h.user_id = $1 AND c.machine <> ''
GROUP BY c.machine
ORDER BY last DESC, c.machine

-- sum_file --
-- All wall-clock time spent on one file.
SELECT coalesce(sum(active_ms), 0)::bigint FROM heartbeats WHERE user_id = $1 AND file_id = $2

-- fetch_last_heartbeats --
-- The last heartbeat per project of those whose instant or credit lies in the range.
SELECT c.project, max(h."time") AS last
FROM heartbeats h JOIN contexts c ON c.user_id = $1 AND c.id = h.context_id
WHERE h.user_id = $1 AND h."time" > $2::timestamptz - interval '24 hours' AND h."time" < $3
    AND (h."time" >= $2 OR h."time" + h.active_ms * interval '1 millisecond' > $2)
GROUP BY c.project

-- tally_work --
-- Wall-clock credit inside the range by what tells the kind of work.
SELECT language, activity_type, is_write, sum(least(ms + active_ms, end_ms) - greatest(ms, start_ms))::bigint
FROM (
    SELECT c.language, c.activity_type, h.is_write, h.active_ms,
        (extract(epoch FROM h."time") * 1000)::bigint AS ms,
        (extract(epoch FROM $2::timestamptz) * 1000)::bigint AS start_ms,
        (extract(epoch FROM $3::timestamptz) * 1000)::bigint AS end_ms
    FROM heartbeats h JOIN contexts c ON c.user_id = $1 AND c.id = h.context_id
    WHERE h.user_id = $1 AND h."time" > $2::timestamptz - interval '24 hours' AND h."time" < $3 AND h.active_ms > 0
) w
WHERE ms + active_ms > start_ms
GROUP BY 1, 2, 3

-- tally_session_work --
-- Lane credit of each session ($2 tool, $3 project, from $4 to $5) by what tells the kind of work.
SELECT s.number, c.language, c.activity_type, h.is_write, sum(h.lane_ms)::bigint
FROM unnest($2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[]) WITH ORDINALITY
    AS s (tool, project, first, last, number)
JOIN heartbeats h ON h.user_id = $1 AND h."time" BETWEEN s.first AND s.last
JOIN contexts c ON c.user_id = $1 AND c.id = h.context_id AND c.tool = s.tool AND c.project = s.project
GROUP BY 1, 2, 3, 4

-- sum_public --
-- How many accounts are public, and the wall-clock credit of these.
SELECT (SELECT count(*) FROM users WHERE is_public AND NOT is_disabled),
    coalesce(sum(s.active_ms), 0)::bigint
FROM activity_slots s JOIN users u ON u.id = s.user_id AND u.is_public AND NOT u.is_disabled
