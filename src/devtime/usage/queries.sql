-- fetch_events --
-- OFFSET 0: each event looks its own context and rate up; the planner would else pair all of these first.
SELECT e.key, e.rank, e."time", e.cost_nusd, c.agent, c.session, c.folder, c.project, c.branch, c.machine,
    c.is_sidechain, r.model, r.provider, r.speed, r.tier, r.region, r.prompt_class, r.is_cost_logged,
    r.is_model_guessed, e.input_tokens, e.output_tokens, e.cache_read_tokens, e.cache_write_tokens,
    e.cache_write_1h_tokens, e.extra_tokens, e.reasoning_tokens, e.web_searches
FROM (SELECT * FROM usage_events WHERE user_id = $1 AND key = ANY ($2::bigint[])) e
CROSS JOIN LATERAL (SELECT * FROM usage_contexts WHERE user_id = $1 AND id = e.context_id OFFSET 0) c
CROSS JOIN LATERAL (SELECT * FROM usage_rates WHERE user_id = $1 AND id = e.rate_id OFFSET 0) r

-- fetch_page --
-- The events after ($2, $3), oldest first.
SELECT e.key, e.rank, e."time", e.cost_nusd, c.agent, c.session, c.folder, c.project, c.branch, c.machine,
    c.is_sidechain, r.model, r.provider, r.speed, r.tier, r.region, r.prompt_class, r.is_cost_logged,
    r.is_model_guessed, e.input_tokens, e.output_tokens, e.cache_read_tokens, e.cache_write_tokens,
    e.cache_write_1h_tokens, e.extra_tokens, e.reasoning_tokens, e.web_searches
FROM (
    SELECT * FROM usage_events WHERE user_id = $1 AND ("time", key) > ($2, $3) ORDER BY "time", key LIMIT $4
) e
CROSS JOIN LATERAL (SELECT * FROM usage_contexts WHERE user_id = $1 AND id = e.context_id OFFSET 0) c
CROSS JOIN LATERAL (SELECT * FROM usage_rates WHERE user_id = $1 AND id = e.rate_id OFFSET 0) r
ORDER BY e."time", e.key

-- ensure_contexts --
INSERT INTO usage_contexts (user_id, id, agent, session, folder, project, branch, machine, is_sidechain)
SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                         $9::boolean[])
ON CONFLICT (user_id, id) DO NOTHING

-- ensure_rates --
INSERT INTO usage_rates (user_id, id, agent, model, provider, speed, tier, region, prompt_class, is_cost_logged,
                         is_model_guessed)
SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                         $9::smallint[], $10::boolean[], $11::boolean[])
ON CONFLICT (user_id, id) DO NOTHING

-- put_events --
INSERT INTO usage_events (user_id, key, rank, "time", context_id, rate_id, cost_nusd, input_tokens, output_tokens,
                          cache_read_tokens, cache_write_tokens, cache_write_1h_tokens, extra_tokens,
                          reasoning_tokens, web_searches)
SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::timestamptz[], $5::bigint[], $6::bigint[], $7::bigint[],
                         $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[],
                         $14::bigint[], $15::bigint[])
ON CONFLICT (user_id, key) DO UPDATE
SET rank = excluded.rank, "time" = excluded."time", context_id = excluded.context_id, rate_id = excluded.rate_id,
    cost_nusd = excluded.cost_nusd, input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens,
    cache_read_tokens = excluded.cache_read_tokens, cache_write_tokens = excluded.cache_write_tokens,
    cache_write_1h_tokens = excluded.cache_write_1h_tokens, extra_tokens = excluded.extra_tokens,
    reasoning_tokens = excluded.reasoning_tokens, web_searches = excluded.web_searches

-- has_events --
SELECT EXISTS (SELECT FROM usage_events WHERE user_id = $1)

-- remove_events --
DELETE FROM usage_events WHERE user_id = $1 AND key = ANY ($2::bigint[])

-- add_sums --
-- Adds what came to the sums and takes off what went; first and last only ever widen here.
INSERT INTO usage_slots AS s (user_id, slot, context_id, rate_id, events, cost_nusd, input_tokens, output_tokens,
                              cache_read_tokens, cache_write_tokens, cache_write_1h_tokens, extra_tokens,
                              reasoning_tokens, web_searches, first_at, last_at)
SELECT $1, * FROM unnest($2::integer[], $3::bigint[], $4::bigint[], $5::bigint[], $6::numeric[], $7::bigint[],
                         $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[],
                         $14::bigint[], $15::timestamptz[], $16::timestamptz[])
ON CONFLICT (user_id, slot, context_id, rate_id) DO UPDATE
SET events = s.events + excluded.events, cost_nusd = s.cost_nusd + excluded.cost_nusd,
    input_tokens = s.input_tokens + excluded.input_tokens, output_tokens = s.output_tokens + excluded.output_tokens,
    cache_read_tokens = s.cache_read_tokens + excluded.cache_read_tokens,
    cache_write_tokens = s.cache_write_tokens + excluded.cache_write_tokens,
    cache_write_1h_tokens = s.cache_write_1h_tokens + excluded.cache_write_1h_tokens,
    extra_tokens = s.extra_tokens + excluded.extra_tokens,
    reasoning_tokens = s.reasoning_tokens + excluded.reasoning_tokens,
    web_searches = s.web_searches + excluded.web_searches,
    first_at = least(s.first_at, excluded.first_at), last_at = greatest(s.last_at, excluded.last_at)

-- settle_edges --
-- Of sums that something was taken off: first and last as the events left tell.
UPDATE usage_slots s SET first_at = e.first_at, last_at = e.last_at
FROM unnest($2::integer[], $3::bigint[], $4::bigint[]) AS u (slot, context_id, rate_id), LATERAL (
    SELECT min("time") AS first_at, max("time") AS last_at FROM usage_events
    WHERE user_id = $1 AND "time" >= to_timestamp(u.slot * 900.0) AND "time" < to_timestamp((u.slot + 1) * 900.0)
        AND context_id = u.context_id AND rate_id = u.rate_id
) e
WHERE s.user_id = $1 AND s.slot = u.slot AND s.context_id = u.context_id AND s.rate_id = u.rate_id AND s.events > 0

-- drop_empty_sums --
DELETE FROM usage_slots s USING unnest($2::integer[], $3::bigint[], $4::bigint[]) AS u (slot, context_id, rate_id)
WHERE s.user_id = $1 AND s.slot = u.slot AND s.context_id = u.context_id AND s.rate_id = u.rate_id AND s.events = 0

-- delete_sums --
DELETE FROM usage_slots WHERE user_id = $1

-- rebuild_sums --
INSERT INTO usage_slots (user_id, slot, context_id, rate_id, events, cost_nusd, input_tokens, output_tokens,
                         cache_read_tokens, cache_write_tokens, cache_write_1h_tokens, extra_tokens,
                         reasoning_tokens, web_searches, first_at, last_at)
SELECT $1, floor(extract(epoch FROM "time") / 900)::integer, context_id, rate_id, count(*),
    coalesce(sum(cost_nusd), 0), sum(input_tokens), sum(output_tokens), sum(cache_read_tokens),
    sum(cache_write_tokens), sum(cache_write_1h_tokens), sum(extra_tokens), sum(reasoning_tokens), sum(web_searches),
    min("time"), max("time")
FROM usage_events WHERE user_id = $1
GROUP BY 2, 3, 4

-- fetch_raw --
SELECT key, "time", context_id, rate_id, cost_nusd, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
    cache_write_1h_tokens, extra_tokens, reasoning_tokens, web_searches
FROM usage_events WHERE user_id = $1

-- fetch_sums --
SELECT slot, context_id, rate_id, first_at, last_at, events, cost_nusd, input_tokens, output_tokens, cache_read_tokens,
    cache_write_tokens, cache_write_1h_tokens, extra_tokens, reasoning_tokens, web_searches
FROM usage_slots WHERE user_id = $1

-- count_orphans --
SELECT count(*) FROM usage_events e
WHERE e.user_id = $1 AND (
    NOT EXISTS (SELECT FROM usage_contexts c WHERE c.user_id = $1 AND c.id = e.context_id)
    OR NOT EXISTS (SELECT FROM usage_rates r WHERE r.user_id = $1 AND r.id = e.rate_id)
)

-- delete_events --
-- Of the range [$2, $3) and the contexts $4; null is no bound.
DELETE FROM usage_events
WHERE user_id = $1 AND ($2::timestamptz IS NULL OR "time" >= $2) AND ($3::timestamptz IS NULL OR "time" < $3)
    AND ($4::bigint[] IS NULL OR context_id = ANY ($4::bigint[]))

-- prune_contexts --
DELETE FROM usage_contexts c
WHERE c.user_id = $1 AND NOT EXISTS (SELECT FROM usage_events e WHERE e.user_id = $1 AND e.context_id = c.id)

-- prune_rates --
DELETE FROM usage_rates r
WHERE r.user_id = $1 AND NOT EXISTS (SELECT FROM usage_events e WHERE e.user_id = $1 AND e.rate_id = r.id)

-- fetch_contexts --
SELECT id, agent, session, folder, project, branch, machine, is_sidechain FROM usage_contexts WHERE user_id = $1

-- move_contexts --
UPDATE usage_events e SET context_id = m.new_id
FROM unnest($2::bigint[], $3::bigint[]) AS m (old_id, new_id)
WHERE e.user_id = $1 AND e.context_id = m.old_id
