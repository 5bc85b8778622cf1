-- fetch_rates --
SELECT id, agent, model, provider, speed, tier, region, prompt_class, is_cost_logged, is_model_guessed
FROM usage_rates WHERE user_id = $1

-- fetch_edge_slots --
SELECT min(slot), max(slot) FROM usage_slots WHERE user_id = $1

-- fetch_usage_context_ids --
SELECT id FROM usage_contexts
WHERE user_id = $1
    AND ($2::text[] IS NULL OR agent = ANY ($2))
    AND ($3::text[] IS NULL OR project = ANY ($3) OR (folder <> '' AND folder = ANY ($3)))
    AND ($4::text[] IS NULL OR session = ANY ($4))
    AND ($5::text[] IS NULL OR branch = ANY ($5))
    AND ($6::text[] IS NULL OR machine = ANY ($6))

-- fetch_usage_rate_ids --
SELECT id FROM usage_rates WHERE user_id = $1 AND model = ANY ($2::text[])

-- sum_usage --
-- The sums of whole slots from $2 to before $3, and of the events in the cut ends [$4, $5) and [$6, $7), by the parts
-- ($10), rate and price period: how many of the rate's edges ($8 rates, $9 slots) lie at or before the slot. A local day
-- is found as in tally_slots ($11, $12). Contexts ($13) and rates ($14) are narrowed by their ids, null wants all.
-- Contexts are told apart only if names of theirs are asked for ($15), and looked up once summed. The planner is left no
-- choice how (OFFSET 0): before a table is analysed it takes it for a row or two, and would go through all of it each time.
WITH edges AS (
    SELECT rate_id, array_agg(slot ORDER BY slot) AS slots FROM unnest($8::bigint[], $9::integer[]) AS e (rate_id, slot)
    GROUP BY rate_id
), cells AS (
    SELECT slot, context_id, rate_id, events, cost_nusd, input_tokens, output_tokens, cache_read_tokens,
        cache_write_tokens, cache_write_1h_tokens, extra_tokens, reasoning_tokens, web_searches, first_at, last_at
    FROM usage_slots WHERE user_id = $1 AND slot >= $2 AND slot < $3
    UNION ALL
    SELECT floor(extract(epoch FROM "time") / 900)::integer, context_id, rate_id, 1, coalesce(cost_nusd, 0),
        input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cache_write_1h_tokens, extra_tokens,
        reasoning_tokens, web_searches, "time", "time"
    FROM usage_events
    WHERE user_id = $1 AND (("time" >= $4 AND "time" < $5) OR ("time" >= $6 AND "time" < $7))
), sums AS (
    SELECT CASE WHEN 'day' = ANY ($10::text[])
            THEN (slot + ($11::integer[])[width_bucket(slot, $12::integer[]) + 1]) / 96 END AS day,
        CASE WHEN 'slot' = ANY ($10) THEN slot END AS slot,
        CASE WHEN $15 THEN context_id END AS context_id, rate_id,
        coalesce(width_bucket(slot, e.slots), 0) AS period,
        sum(events)::bigint AS events, sum(input_tokens)::bigint AS input, sum(output_tokens)::bigint AS output,
        sum(cache_read_tokens)::bigint AS cache_read, sum(cache_write_tokens)::bigint AS cache_write,
        sum(cache_write_1h_tokens)::bigint AS cache_write_1h, sum(extra_tokens)::bigint AS extra,
        sum(reasoning_tokens)::bigint AS reasoning, sum(web_searches)::bigint AS web_searches,
        sum(cost_nusd) AS logged, min(first_at) AS first_at, max(last_at) AS last_at
    FROM cells s LEFT JOIN (SELECT rate_id AS id, slots FROM edges) e ON e.id = s.rate_id
    WHERE ($13::bigint[] IS NULL OR context_id IN (SELECT unnest($13::bigint[])))
        AND ($14::bigint[] IS NULL OR rate_id IN (SELECT unnest($14::bigint[])))
    GROUP BY 1, 2, 3, 4, 5
)
SELECT s.rate_id, s.period, sum(s.events)::bigint, sum(s.input)::bigint, sum(s.output)::bigint,
    sum(s.cache_read)::bigint, sum(s.cache_write)::bigint, sum(s.cache_write_1h)::bigint, sum(s.extra)::bigint,
    sum(s.reasoning)::bigint, sum(s.web_searches)::bigint, sum(s.logged), min(s.first_at), max(s.last_at), s.day, s.slot,
    CASE WHEN 'session' = ANY ($10) THEN c.session END AS session,
    CASE WHEN 'folder' = ANY ($10) THEN c.folder END AS folder,
    CASE WHEN 'project' = ANY ($10) THEN c.project END AS project,
    CASE WHEN 'branch' = ANY ($10) THEN c.branch END AS branch,
    CASE WHEN 'machine' = ANY ($10) THEN c.machine END AS machine,
    CASE WHEN 'sidechain' = ANY ($10) THEN c.is_sidechain END AS sidechain
FROM sums s LEFT JOIN LATERAL (
    SELECT * FROM usage_contexts WHERE user_id = $1 AND id = s.context_id OFFSET 0
) c ON true
GROUP BY s.rate_id, s.period, s.day, s.slot, 17, 18, 19, 20, 21, 22
ORDER BY s.day, s.slot, s.rate_id, s.period, 17, 18, 19, 20, 21, 22

-- list_usage_events --
-- The newest first, of the contexts $4 and rates $5 (null wants all), from the $6-th on. OFFSET 0: each event looks its
-- own context and rate up; the planner would else pair all of these first.
SELECT e.key, e.rank, e."time", e.cost_nusd, c.agent, c.session, c.folder, c.project, c.branch, c.machine,
    c.is_sidechain, r.model, r.provider, r.speed, r.tier, r.region, r.prompt_class, r.is_cost_logged,
    r.is_model_guessed, e.input_tokens, e.output_tokens, e.cache_read_tokens, e.cache_write_tokens,
    e.cache_write_1h_tokens, e.extra_tokens, e.reasoning_tokens, e.web_searches
FROM (
    SELECT * FROM usage_events
    WHERE user_id = $1 AND "time" >= $2 AND "time" < $3
        AND ($4::bigint[] IS NULL OR context_id IN (SELECT unnest($4::bigint[])))
        AND ($5::bigint[] IS NULL OR rate_id IN (SELECT unnest($5::bigint[])))
    ORDER BY "time" DESC, key DESC LIMIT $7 OFFSET $6
) e
CROSS JOIN LATERAL (SELECT * FROM usage_contexts WHERE user_id = $1 AND id = e.context_id OFFSET 0) c
CROSS JOIN LATERAL (SELECT * FROM usage_rates WHERE user_id = $1 AND id = e.rate_id OFFSET 0) r
ORDER BY e."time" DESC, e.key DESC
