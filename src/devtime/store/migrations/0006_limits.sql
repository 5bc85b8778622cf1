-- How much of AI plans is left, as machines tell it: the latest snapshot of each source, the past of each progress line,
-- and the alerts that were told. The rules of 0001 hold: every unique key holds user_id, ids are digests of the content.

CREATE TABLE limit_sources (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    id bigint NOT NULL,
    machine varchar(128) NOT NULL,
    plugin varchar(64) NOT NULL,
    instance varchar(64) NOT NULL,
    display_name varchar(128) NOT NULL,
    plan varchar(128),
    icon text,
    brand_color varchar(9),
    overview jsonb NOT NULL,
    links jsonb NOT NULL,
    lines jsonb NOT NULL,
    fetched_at timestamptz,
    checked_at timestamptz NOT NULL,
    error varchar(500),
    next_at timestamptz,
    PRIMARY KEY (user_id, id)
) WITH (fillfactor = 70);
COMMENT ON COLUMN limit_sources.id IS 'a digest of machine, plugin and instance';
COMMENT ON COLUMN limit_sources.lines IS 'of the last attempt that went well, at fetched_at; null: none ever did';
COMMENT ON COLUMN limit_sources.error IS 'why the latest attempt, at checked_at, failed; null: it went well';

CREATE TABLE limit_history (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    source_id bigint NOT NULL,
    label varchar(128) NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    used double precision NOT NULL,
    most double precision NOT NULL,
    resets_at timestamptz,
    PRIMARY KEY (user_id, source_id, label, since)
);
COMMENT ON TABLE limit_history IS 'a progress line between two instants, both seen, in which it said the same';

CREATE TABLE limit_alerts (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    source_id bigint NOT NULL,
    label varchar(128) NOT NULL,
    rule varchar(16) NOT NULL,
    fired_at timestamptz NOT NULL,
    used double precision NOT NULL,
    most double precision NOT NULL,
    resets_at timestamptz,
    ended_at timestamptz,
    PRIMARY KEY (user_id, source_id, label, rule, fired_at)
);
COMMENT ON COLUMN limit_alerts.ended_at IS 'when the limit began anew, which arms the rule again; null: not yet';

ALTER TABLE limit_sources ENABLE ROW LEVEL SECURITY;
ALTER TABLE limit_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE limit_alerts ENABLE ROW LEVEL SECURITY;
