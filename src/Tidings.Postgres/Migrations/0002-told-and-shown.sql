-- What people are told, what they were shown, how feeds are ranked.

CREATE TABLE notifications (
    shard smallint NOT NULL,
    owner bigint NOT NULL,
    serial bigint NOT NULL,
    id bigint NOT NULL,
    kind smallint NOT NULL,
    post bigint NOT NULL,
    unix_ms bigint NOT NULL,
    actors bigint[] NOT NULL,
    sources bigint[] NOT NULL,
    forgotten integer NOT NULL,
    PRIMARY KEY (shard, owner, serial)
);
CREATE INDEX notifications_of_mentions ON notifications (post) WHERE kind = 7;

CREATE TABLE notification_reads (
    shard smallint NOT NULL,
    owner bigint NOT NULL,
    read_to bigint NOT NULL,
    PRIMARY KEY (shard, owner)
);

CREATE TABLE impressions (
    shard smallint NOT NULL,
    reader bigint NOT NULL,
    event bigint NOT NULL,
    day integer NOT NULL,
    posts bigint[] NOT NULL,
    dwells_ms integer[] NOT NULL,
    PRIMARY KEY (shard, reader, event)
);
CREATE UNIQUE INDEX impressions_told ON impressions (shard, event);
CREATE INDEX impressions_by_age ON impressions (day);

-- Used on the home server only.

CREATE TABLE ranking_profile (
    one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
    profile jsonb NOT NULL
);

CREATE TABLE experiments (
    id bigint PRIMARY KEY,
    experiment jsonb NOT NULL,
    position bigint NOT NULL
);

CREATE TABLE tallies (
    experiment bigint NOT NULL,
    reader bigint NOT NULL,
    variant smallint NOT NULL,
    counts integer[] NOT NULL,
    PRIMARY KEY (experiment, reader)
);
