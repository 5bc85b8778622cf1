
-- fetch_usage_names --
-- The names of each kind that a user's usage has, those with the most contexts first, so many of each at most.
SELECT kind, name FROM (
    SELECT kind, name, row_number() OVER (PARTITION BY kind ORDER BY sum(n) DESC, name) AS place
    FROM (
        SELECT unnest(ARRAY['agent', 'project', 'branch', 'machine']) AS kind,
            unnest(ARRAY[agent, project, branch, machine]) AS name, 1 AS n
        FROM usage_contexts WHERE user_id = $1
        UNION ALL
        SELECT 'model', model, 1 FROM usage_rates WHERE user_id = $1
    ) told
    GROUP BY kind, name
) ranked
WHERE place <= $2
ORDER BY kind, place

-- fetch_first_usage_slot --
SELECT min(slot) FROM usage_slots WHERE user_id = $1
