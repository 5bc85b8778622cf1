-- list_leaders --
-- Whoever is public and wants to be listed, by wall-clock credit since a slot. What they do not show is left out.
WITH spent AS (
    SELECT s.user_id, c.language, c.editor, c.os, sum(s.active_ms) AS ms
    FROM activity_slots s
    JOIN contexts c ON c.user_id = s.user_id AND c.id = s.context_id
    JOIN users u ON u.id = s.user_id
    WHERE s.slot >= $1 AND u.is_public AND u.show_in_leaderboard AND NOT u.is_disabled
        AND ($2::text IS NULL OR lower(u.country) = lower($2))
        AND ($3::text IS NULL OR (lower(c.language) = lower($3) AND u.profile_show_languages))
        AND (NOT $4::boolean OR u.available_for_hire)
    GROUP BY s.user_id, c.language, c.editor, c.os
), sums AS (
    SELECT user_id, sum(ms)::bigint AS active_ms FROM spent GROUP BY user_id HAVING sum(ms) > 0
)
SELECT rank() OVER (ORDER BY t.active_ms DESC) AS rank, u.id, u.username, u.display_name, u.avatar_url, u.country,
    t.active_ms,
    CASE WHEN u.profile_show_languages THEN (
        SELECT language FROM spent p WHERE p.user_id = t.user_id AND language <> ''
        GROUP BY language ORDER BY sum(ms) DESC, language LIMIT 1
    ) END AS top_language,
    (SELECT editor FROM spent p WHERE p.user_id = t.user_id AND editor <> ''
        GROUP BY editor ORDER BY sum(ms) DESC, editor LIMIT 1) AS top_editor,
    (SELECT os FROM spent p WHERE p.user_id = t.user_id AND os <> ''
        GROUP BY os ORDER BY sum(ms) DESC, os LIMIT 1) AS top_os
FROM sums t JOIN users u ON u.id = t.user_id
ORDER BY t.active_ms DESC, u.username
LIMIT $5 OFFSET $6
