-- The record of Tidings on PostgreSQL, the same on every server; drawn and explained in docs/formats-postgres.md.
-- Texts that people write are bytea, in UTF-8: text can't hold U+0000, which JSON can. Every key begins with its shard.

CREATE TABLE record (
    one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
    number integer NOT NULL,
    record bytea NOT NULL,
    cursor_key bytea NOT NULL
);

CREATE TABLE shards (
    shard smallint PRIMARY KEY,
    state smallint NOT NULL,
    moving_to integer NOT NULL DEFAULT -1,
    left_unix_ms bigint NOT NULL DEFAULT 0,
    event bigint NOT NULL DEFAULT 0,
    last_id bigint NOT NULL DEFAULT 0,
    last_list integer NOT NULL DEFAULT 0,
    carried bigint NOT NULL DEFAULT 0,
    notified bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);

CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shard smallint NOT NULL,
    event bigint NOT NULL,
    kind smallint NOT NULL,
    actor bigint NOT NULL,
    other bigint NOT NULL,
    post bigint NOT NULL,
    detail bigint NOT NULL,
    unix_ms bigint NOT NULL
);

CREATE TABLE people (
    shard smallint NOT NULL,
    person bigint NOT NULL,
    state smallint NOT NULL,
    handle text NOT NULL,
    name bytea NOT NULL,
    bio bytea NOT NULL,
    password_hash bytea NOT NULL,
    identity bytea NOT NULL,
    created_unix_ms bigint NOT NULL,
    PRIMARY KEY (shard, person)
);
CREATE INDEX people_unsettled ON people (state, person) WHERE state <> 1;

CREATE TABLE handles (
    shard smallint NOT NULL,
    handle text NOT NULL,
    person bigint NOT NULL,
    PRIMARY KEY (shard, handle)
);

CREATE TABLE closed (
    person bigint PRIMARY KEY
);

CREATE TABLE credentials (
    shard smallint NOT NULL,
    token bytea NOT NULL,
    kind smallint NOT NULL,
    person bigint NOT NULL,
    name bytea NOT NULL,
    expires_unix_ms bigint NOT NULL,
    PRIMARY KEY (shard, token)
);
CREATE INDEX credentials_of ON credentials (person);
CREATE INDEX credentials_expiring ON credentials (expires_unix_ms);

CREATE TABLE ties (
    shard smallint NOT NULL,
    person bigint NOT NULL,
    other bigint NOT NULL,
    tie smallint NOT NULL,
    others_tie smallint NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (shard, person, other)
);
CREATE INDEX ties_following ON ties (shard, person, other) WHERE tie & 1 <> 0;
CREATE INDEX ties_followers ON ties (shard, person, other) WHERE tie & 2 <> 0;
CREATE INDEX ties_friends ON ties (shard, person, other) WHERE tie & 4 <> 0;
CREATE INDEX ties_requests_sent ON ties (shard, person, other) WHERE tie & 8 <> 0;
CREATE INDEX ties_requests_received ON ties (shard, person, other) WHERE tie & 16 <> 0;
CREATE INDEX ties_blocked ON ties (shard, person, other) WHERE tie & 32 <> 0;
CREATE INDEX ties_blocked_by ON ties (shard, person, other) WHERE tie & 64 <> 0;
CREATE INDEX ties_muted ON ties (shard, person, other) WHERE tie & 128 <> 0;
CREATE INDEX ties_close_friends ON ties (shard, person, other) WHERE tie & 256 <> 0;

CREATE TABLE tie_counts (
    shard smallint NOT NULL,
    person bigint NOT NULL,
    counts integer[] NOT NULL,
    PRIMARY KEY (shard, person)
) WITH (fillfactor = 80);

CREATE TABLE unfinished_ties (
    shard smallint NOT NULL,
    person bigint NOT NULL,
    other bigint NOT NULL,
    since_unix_ms bigint NOT NULL,
    PRIMARY KEY (shard, person, other)
);

CREATE TABLE posts (
    shard smallint NOT NULL,
    id bigint NOT NULL,
    author bigint NOT NULL,
    type smallint NOT NULL,
    audience smallint NOT NULL,
    list bigint NOT NULL,
    deleted boolean NOT NULL DEFAULT false,
    version integer NOT NULL DEFAULT 1,
    edited_unix_ms bigint NOT NULL DEFAULT 0,
    likes integer NOT NULL DEFAULT 0,
    comments integer NOT NULL DEFAULT 0,
    shares integer NOT NULL DEFAULT 0,
    PRIMARY KEY (shard, id)
) WITH (fillfactor = 80);
CREATE INDEX posts_of_author ON posts (shard, author, id DESC) WHERE NOT deleted;

CREATE TABLE bodies (
    shard smallint NOT NULL,
    id bigint NOT NULL,
    version integer NOT NULL,
    text bytea NOT NULL,
    media bytea[] NOT NULL,
    PRIMARY KEY (shard, id)
);

CREATE TABLE claims (
    shard smallint NOT NULL,
    person bigint NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    kind smallint NOT NULL,
    claim bigint NOT NULL,
    made bigint NOT NULL,
    unix_ms bigint NOT NULL,
    PRIMARY KEY (shard, person, key)
);
CREATE INDEX claims_by_age ON claims (unix_ms);

CREATE TABLE marks (
    shard smallint NOT NULL,
    post bigint NOT NULL,
    mark smallint NOT NULL,
    person bigint NOT NULL,
    PRIMARY KEY (shard, post, mark, person)
);
CREATE INDEX marks_by ON marks (person, mark, post DESC);

CREATE TABLE comments (
    shard smallint NOT NULL,
    post bigint NOT NULL,
    id bigint NOT NULL,
    author bigint NOT NULL,
    claim bigint,
    deleted boolean NOT NULL DEFAULT false,
    text bytea NOT NULL,
    PRIMARY KEY (shard, post, id)
);
CREATE UNIQUE INDEX comments_claimed ON comments (claim) WHERE claim IS NOT NULL;
CREATE INDEX comments_by ON comments (author, id DESC) WHERE NOT deleted;

CREATE TABLE deleted_posts (
    shard smallint NOT NULL,
    post bigint NOT NULL,
    PRIMARY KEY (shard, post)
);

CREATE TABLE audience_lists (
    shard smallint NOT NULL,
    list bigint NOT NULL,
    owner bigint NOT NULL,
    name bytea NOT NULL,
    PRIMARY KEY (shard, list)
);
CREATE INDEX audience_lists_of ON audience_lists (shard, owner, list);

CREATE TABLE audience_members (
    shard smallint NOT NULL,
    list bigint NOT NULL,
    person bigint NOT NULL,
    PRIMARY KEY (shard, list, person)
);
CREATE INDEX audience_members_with ON audience_members (person);

CREATE TABLE affinity (
    shard smallint NOT NULL,
    reader bigint NOT NULL,
    person bigint NOT NULL,
    score double precision NOT NULL,
    viewed_minute bigint NOT NULL DEFAULT 0,
    messaged_minute bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (shard, reader, person)
);

CREATE TABLE fan_out_modes (
    shard smallint NOT NULL,
    author bigint NOT NULL,
    mode smallint NOT NULL,
    PRIMARY KEY (shard, author)
);

-- Used on the home server only.

CREATE TABLE shard_map (
    shard smallint PRIMARY KEY,
    server integer NOT NULL
);

CREATE TABLE numbers (
    one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
    person bigint NOT NULL,
    log_end bigint NOT NULL
);
INSERT INTO numbers (person, log_end) VALUES (0, 0);

CREATE TABLE taken (
    shard smallint PRIMARY KEY,
    event bigint NOT NULL
);
INSERT INTO taken (shard, event) SELECT shard, 0 FROM generate_series(0, 255) AS shard;

CREATE TABLE events (
    position bigint PRIMARY KEY,
    shard smallint NOT NULL,
    event bigint NOT NULL,
    kind smallint NOT NULL,
    actor bigint NOT NULL,
    other bigint NOT NULL,
    post bigint NOT NULL,
    detail bigint NOT NULL,
    unix_ms bigint NOT NULL
);

CREATE TABLE positions (
    reader text PRIMARY KEY,
    position bigint NOT NULL
);
