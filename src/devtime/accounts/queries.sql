-- Announcements travel on the channel devtime_access: the id of the user whose rights changed.

-- announce_user --
SELECT pg_notify('devtime_access', $1::text)

-- insert_user --
INSERT INTO users (id, username, display_name, email, role, timezone, password_hash, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)

-- insert_builtin_user --
INSERT INTO users (id, username, display_name, is_builtin, is_disabled, created_at, updated_at)
VALUES ($1, $2, 'DevTime', true, true, $3, $3) ON CONFLICT DO NOTHING

-- is_builtin --
SELECT true FROM users WHERE id = $1 AND is_builtin

-- insert_activity_settings --
INSERT INTO activity_settings (user_id, privacy_salt) VALUES ($1, $2)

-- fetch_user --
SELECT * FROM users WHERE id = $1

-- fetch_user_by_name --
SELECT * FROM users WHERE username = $1

-- fetch_user_by_email --
SELECT * FROM users WHERE lower(email) = lower($1)

-- fetch_first_owner --
SELECT * FROM users WHERE role = 'owner' AND NOT is_disabled ORDER BY created_at, id LIMIT 1

-- count_other_users --
SELECT count(*) FROM users WHERE id <> $1 AND NOT is_builtin

-- count_other_owners --
SELECT count(*) FROM users WHERE id <> $1 AND role = 'owner' AND NOT is_disabled

-- lock_accounts --
SELECT pg_advisory_xact_lock($1)

-- list_members --
SELECT u.*, greatest(s.last_seen_at, k.last_used_at) AS last_seen_at
FROM users u
LEFT JOIN (SELECT user_id, max(last_seen_at) AS last_seen_at FROM web_sessions GROUP BY user_id) s ON s.user_id = u.id
LEFT JOIN (SELECT user_id, max(last_used_at) AS last_used_at FROM api_keys GROUP BY user_id) k ON k.user_id = u.id
WHERE NOT u.is_builtin ORDER BY u.created_at, u.id

-- fetch_deletion --
SELECT deletion_requested_at FROM users WHERE id = $1

-- undo_deletion --
UPDATE users SET deletion_requested_at = NULL, updated_at = $2 WHERE id = $1 AND deletion_requested_at IS NOT NULL
RETURNING true

-- list_due_deletions --
SELECT id FROM users WHERE deletion_requested_at < $1 AND NOT is_builtin ORDER BY deletion_requested_at, id

-- lock_due_deletion --
SELECT id FROM users WHERE id = $1 AND deletion_requested_at < $2 FOR UPDATE

-- update_account --
UPDATE users SET username = $2, display_name = $3, email = $4, updated_at = $5 WHERE id = $1

-- update_time --
UPDATE users SET timezone = $2, week_start = $3, updated_at = $4 WHERE id = $1

-- update_password --
UPDATE users SET password_hash = $2, updated_at = $3 WHERE id = $1

-- update_role --
UPDATE users SET role = $2, updated_at = $3 WHERE id = $1

-- update_disabled --
UPDATE users SET is_disabled = $2, updated_at = $3 WHERE id = $1

-- delete_activity_settings --
DELETE FROM activity_settings WHERE user_id = $1

-- delete_key_lookups --
DELETE FROM api_key_lookup WHERE owner_id = $1

-- delete_user --
DELETE FROM users WHERE id = $1

-- insert_key --
INSERT INTO api_keys (user_id, id, name, key_prefix, key_hash, scope, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- insert_key_lookup --
INSERT INTO api_key_lookup (key_prefix, owner_id, key_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING key_id

-- fetch_key_lookup --
SELECT owner_id, key_id FROM api_key_lookup WHERE key_prefix = $1

-- fetch_key_holder --
SELECT k.user_id, k.id AS key_id, k.key_hash, k.scope, u.username, u.role, u.timezone, u.week_start
FROM api_keys k JOIN users u ON u.id = k.user_id
WHERE k.user_id = $1 AND k.id = $2 AND NOT u.is_disabled

-- list_keys --
SELECT id, name, key_prefix, scope, created_at, last_used_at FROM api_keys WHERE user_id = $1 ORDER BY created_at, id

-- count_keys --
SELECT count(*) FROM api_keys WHERE user_id = $1

-- rename_key --
UPDATE api_keys SET name = $3 WHERE user_id = $1 AND id = $2 RETURNING id

-- delete_key --
DELETE FROM api_keys WHERE user_id = $1 AND id = $2 RETURNING key_prefix

-- delete_key_lookup --
DELETE FROM api_key_lookup WHERE key_prefix = $1 AND owner_id = $2

-- touch_keys --
UPDATE api_keys SET last_used_at = greatest(last_used_at, $3) WHERE user_id = $1 AND id = $2

-- insert_session --
INSERT INTO web_sessions (user_id, token_digest, user_agent, created_at, last_seen_at, expires_at)
VALUES ($1, $2, $3, $4, $4, $5)

-- fetch_session_holder --
SELECT s.user_id, s.token_digest, s.expires_at, u.username, u.role, u.timezone, u.week_start, u.deletion_requested_at
FROM web_sessions s JOIN users u ON u.id = s.user_id
WHERE s.user_id = $1 AND s.token_digest = $2 AND s.expires_at > $3 AND NOT u.is_disabled

-- list_session_holders --
SELECT s.user_id, s.token_digest, s.expires_at, u.username, u.role, u.timezone, u.week_start, u.deletion_requested_at
FROM web_sessions s JOIN users u ON u.id = s.user_id
WHERE s.user_id = $1 AND s.expires_at > $2 AND NOT u.is_disabled

-- list_sessions --
SELECT token_digest, user_agent, created_at, last_seen_at, expires_at FROM web_sessions
WHERE user_id = $1 AND expires_at > $2 ORDER BY last_seen_at DESC, token_digest

-- delete_session --
DELETE FROM web_sessions WHERE user_id = $1 AND token_digest = $2 RETURNING token_digest

-- delete_sessions --
DELETE FROM web_sessions WHERE user_id = $1 AND token_digest <> $2

-- delete_expired_sessions --
DELETE FROM web_sessions WHERE expires_at <= $1

-- touch_sessions --
UPDATE web_sessions SET last_seen_at = greatest(last_seen_at, $3), expires_at = greatest(expires_at, $4)
WHERE user_id = $1 AND token_digest = $2

-- insert_login_link --
INSERT INTO login_links (token_digest, account_id, created_at, expires_at) VALUES ($1, $2, $3, $4)

-- fetch_login_link --
SELECT u.* FROM login_links l JOIN users u ON u.id = l.account_id
WHERE l.token_digest = $1 AND l.used_at IS NULL AND l.expires_at > $2 AND NOT u.is_disabled

-- use_login_link --
UPDATE login_links SET used_at = $2 WHERE token_digest = $1 AND used_at IS NULL AND expires_at > $2
RETURNING account_id

-- expire_login_links --
UPDATE login_links SET used_at = $2 WHERE account_id = $1 AND used_at IS NULL

-- delete_expired_login_links --
DELETE FROM login_links WHERE expires_at <= $1

-- insert_invitation --
INSERT INTO invitations (token_digest, created_by, role, note, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)

-- fetch_invitation --
SELECT i.role, i.note, i.created_by, u.username AS created_by_name, i.created_at, i.expires_at, i.token_digest
FROM invitations i JOIN users u ON u.id = i.created_by
WHERE i.token_digest = $1 AND i.used_at IS NULL AND i.expires_at > $2 AND NOT u.is_disabled

-- use_invitation --
UPDATE invitations SET used_at = $2 WHERE token_digest = $1 AND used_at IS NULL AND expires_at > $2 RETURNING role

-- list_invitations --
SELECT i.role, i.note, i.created_by, u.username AS created_by_name, i.created_at, i.expires_at, i.token_digest
FROM invitations i JOIN users u ON u.id = i.created_by
WHERE i.used_at IS NULL AND i.expires_at > $1 ORDER BY i.created_at, i.token_digest

-- delete_invitation --
DELETE FROM invitations WHERE token_digest = $1 AND used_at IS NULL RETURNING role

-- delete_expired_invitations --
DELETE FROM invitations WHERE expires_at <= $1

-- fetch_setting --
SELECT value FROM server_settings WHERE name = $1

-- store_setting --
INSERT INTO server_settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value

-- update_profile --
-- Null leaves a column as it is, an empty text empties it.
UPDATE users
SET updated_at = $2, bio = nullif(coalesce($3, bio), ''), website = nullif(coalesce($4, website), ''),
    is_public = coalesce($5, is_public), profile_show_languages = coalesce($6, profile_show_languages),
    profile_show_projects = coalesce($7, profile_show_projects),
    profile_show_activity = coalesce($8, profile_show_activity),
    profile_show_plugins = coalesce($9, profile_show_plugins),
    profile_show_streak = coalesce($10, profile_show_streak),
    available_for_hire = coalesce($11, available_for_hire), show_in_leaderboard = coalesce($12, show_in_leaderboard)
WHERE id = $1
