-- What AI agents used: events as machines sent them, what they share in two dictionaries, and quarter-hour sums.
-- The rules of 0001 hold: every unique key holds user_id, ids are digests of the content, no triggers.

CREATE TABLE usage_contexts (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    id bigint NOT NULL,
    agent varchar(64) NOT NULL,
    session varchar(128) NOT NULL,
    folder varchar(512) NOT NULL,
    project varchar(256) NOT NULL,
    branch varchar(256) NOT NULL,
    machine varchar(128) NOT NULL,
    is_sidechain boolean NOT NULL,
    PRIMARY KEY (user_id, id)
);

CREATE TABLE usage_rates (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    id bigint NOT NULL,
    agent varchar(64) NOT NULL,
    model varchar(128) NOT NULL,
    provider varchar(64) NOT NULL,
    speed varchar(32) NOT NULL,
    tier varchar(32) NOT NULL,
    region varchar(32) NOT NULL,
    prompt_class smallint NOT NULL,
    is_cost_logged boolean NOT NULL,
    is_model_guessed boolean NOT NULL,
    PRIMARY KEY (user_id, id)
);
COMMENT ON TABLE usage_rates IS 'what a price depends on besides the date; prices themselves are stored nowhere';

CREATE TABLE usage_events (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    key bigint NOT NULL,
    rank bigint NOT NULL,
    "time" timestamptz NOT NULL,
    context_id bigint NOT NULL,
    rate_id bigint NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cache_read_tokens bigint NOT NULL,
    cache_write_tokens bigint NOT NULL,
    cache_write_1h_tokens bigint NOT NULL,
    extra_tokens bigint NOT NULL,
    reasoning_tokens bigint NOT NULL,
    web_searches bigint NOT NULL,
    cost_nusd bigint,
    PRIMARY KEY (user_id, key)
) WITH (fillfactor = 90);
COMMENT ON COLUMN usage_events.key IS 'what makes it one event at its agent: the same log read on two machines gives the same keys';
COMMENT ON COLUMN usage_events.rank IS 'of several events with one key the one of the largest rank is kept';
COMMENT ON COLUMN usage_events.cost_nusd IS 'the cost its log tells, in billionths of a US dollar; null: it tells none';

CREATE INDEX usage_events_time ON usage_events (user_id, "time", key);

CREATE TABLE usage_slots (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    slot integer NOT NULL,
    context_id bigint NOT NULL,
    rate_id bigint NOT NULL,
    events bigint NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cache_read_tokens bigint NOT NULL,
    cache_write_tokens bigint NOT NULL,
    cache_write_1h_tokens bigint NOT NULL,
    extra_tokens bigint NOT NULL,
    reasoning_tokens bigint NOT NULL,
    web_searches bigint NOT NULL,
    cost_nusd numeric(30) NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, slot, context_id, rate_id)
) WITH (fillfactor = 80);
COMMENT ON TABLE usage_slots IS 'events summed by quarter-hour (slot = epoch seconds / 900), context and rate; a cache that verify can prove and rebuild can make anew';
