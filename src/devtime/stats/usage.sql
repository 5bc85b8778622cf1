-- fetch_rates --
SELECT id, agent, model, provider, speed, tier, region, prompt_class, is_cost_logged, is_model_guessed
FROM usage_rates WHERE user_id = $1

-- fetch_edge_slots --
SELECT min(slot), max(slot) FROM usage_slots WHERE user_id = $1

-- sum_usage --
-- The sums of whole slots from $2 to before $3, and of the events in the cut ends [$4, $5) and [$6, $7), by the parts
-- ($10), rate and price period: how many of the rate's edges ($8 rates, $9 slots) lie at or before the slot. A local day
-- is found as in tally_slots ($11, $12). Contexts and rates are narrowed by $13 … $18, null wants all. Summed by context
-- first: far fewer rows are left to be told apart by names.
WITH edges AS (
    SELECT rate_id, array_agg(slot ORDER BY slot) AS slots FROM unnest($8::bigint[], $9::integer[]) AS e (rate_id, slot)
    GROUP BY rate_id
), cells AS (
    SELECT slot, context_id, rate_id, events, cost_nusd, input_tokens, output_tokens, cache_read_tokens,
        cache_write_tokens, cache_write_1h_tokens, extra_tokens, reasoning_tokens, web_searches, first_at, last_at
    FROM usage_slots WHERE user_id = $1 AND slot >= $2 AND slot < $3
    UNION ALL
    SELECT floor(extract(epoch FROM "time") / 900)::integer, context_id, rate_id, 1, coalesce(cost_nusd, 0), input_tokens,
        output_tokens, cache_read_tokens, cache_write_tokens, cache_write_1h_tokens, extra_tokens, reasoning_tokens,
        web_searches, "time", "time"
    FROM usage_events
    WHERE user_id = $1 AND (("time" >= $4 AND "time" < $5) OR ("time" >= $6 AND "time" < $7))
), sums AS (
    SELECT CASE WHEN 'day' = ANY ($10::text[])
            THEN (slot + ($11::integer[])[width_bucket(slot, $12::integer[]) + 1]) / 96 END AS day,
        CASE WHEN 'slot' = ANY ($10) THEN slot END AS slot,
        context_id, s.rate_id, coalesce(width_bucket(slot, e.slots), 0) AS period,
        sum(events) AS events, sum(input_tokens) AS input, sum(output_tokens) AS output,
        sum(cache_read_tokens) AS cache_read, sum(cache_write_tokens) AS cache_write,
        sum(cache_write_1h_tokens) AS cache_write_1h, sum(extra_tokens) AS extra, sum(reasoning_tokens) AS reasoning,
        sum(web_searches) AS web_searches, sum(cost_nusd) AS logged, min(first_at) AS first_at, max(last_at) AS last_at
    FROM cells s LEFT JOIN (SELECT rate_id AS id, slots FROM edges) e ON e.id = s.rate_id
    WHERE (num_nulls($13::text[], $15::text[], $16::text[], $17::text[], $18::text[]) = 5 OR context_id IN (
            SELECT id FROM usage_contexts WHERE user_id = $1
                AND ($13::text[] IS NULL OR agent = ANY ($13))
                AND ($15::text[] IS NULL OR project = ANY ($15) OR (folder <> '' AND folder = ANY ($15)))
                AND ($16::text[] IS NULL OR session = ANY ($16))
                AND ($17::text[] IS NULL OR branch = ANY ($17))
                AND ($18::text[] IS NULL OR machine = ANY ($18))
        ))
        AND ($14::text[] IS NULL OR s.rate_id IN (
            SELECT id FROM usage_rates WHERE user_id = $1 AND model = ANY ($14)
        ))
    GROUP BY 1, 2, 3, 4, 5
)
SELECT s.rate_id, s.period, sum(s.events)::bigint, sum(s.input)::numeric, sum(s.output)::numeric, sum(s.cache_read)::numeric,
    sum(s.cache_write)::numeric, sum(s.cache_write_1h)::numeric, sum(s.extra)::numeric, sum(s.reasoning)::numeric,
    sum(s.web_searches)::numeric, sum(s.logged)::numeric, min(s.first_at), max(s.last_at), s.day, s.slot,
    CASE WHEN 'agent' = ANY ($10) THEN c.agent END AS agent,
    CASE WHEN 'model' = ANY ($10) THEN r.model END AS model,
    CASE WHEN 'session' = ANY ($10) THEN c.session END AS session,
    CASE WHEN 'folder' = ANY ($10) THEN c.folder END AS folder,
    CASE WHEN 'project' = ANY ($10) THEN c.project END AS project,
    CASE WHEN 'branch' = ANY ($10) THEN c.branch END AS branch,
    CASE WHEN 'machine' = ANY ($10) THEN c.machine END AS machine,
    CASE WHEN 'sidechain' = ANY ($10) THEN c.is_sidechain END AS sidechain
FROM sums s
JOIN usage_contexts c ON c.user_id = $1 AND c.id = s.context_id
JOIN usage_rates r ON r.user_id = $1 AND r.id = s.rate_id
GROUP BY s.rate_id, s.period, s.day, s.slot, 17, 18, 19, 20, 21, 22, 23, 24
ORDER BY s.day, s.slot, s.rate_id, s.period, 17, 18, 19, 20, 21, 22, 23, 24

-- list_usage_events --
-- The newest first, narrowed as in sum_usage ($4 … $9), from the $10-th on.
SELECT e.key, e.rank, e."time", e.cost_nusd, c.agent, c.session, c.folder, c.project, c.branch, c.machine,
    c.is_sidechain, r.model, r.provider, r.speed, r.tier, r.region, r.prompt_class, r.is_cost_logged,
    r.is_model_guessed, e.input_tokens, e.output_tokens, e.cache_read_tokens, e.cache_write_tokens,
    e.cache_write_1h_tokens, e.extra_tokens, e.reasoning_tokens, e.web_searches
FROM usage_events e
JOIN usage_contexts c ON c.user_id = $1 AND c.id = e.context_id
JOIN usage_rates r ON r.user_id = $1 AND r.id = e.rate_id
WHERE e.user_id = $1 AND e."time" >= $2 AND e."time" < $3
    AND ($4::text[] IS NULL OR c.agent = ANY ($4))
    AND ($5::text[] IS NULL OR r.model = ANY ($5))
    AND ($6::text[] IS NULL OR c.project = ANY ($6) OR (c.folder <> '' AND c.folder = ANY ($6)))
    AND ($7::text[] IS NULL OR c.session = ANY ($7))
    AND ($8::text[] IS NULL OR c.branch = ANY ($8))
    AND ($9::text[] IS NULL OR c.machine = ANY ($9))
ORDER BY e."time" DESC, e.key DESC
LIMIT $11 OFFSET $10
