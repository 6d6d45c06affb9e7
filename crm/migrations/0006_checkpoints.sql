-- Signed states of the ledger, and the public halves of the keys that signed them. The private key is never in here.

-- `id` is the key's id in signatures (8 hex digits), `name` the origin of the log. One at a time is not retired.
CREATE TABLE log_key (
    id          text         PRIMARY KEY,
    name        text         NOT NULL,
    public      bytea        NOT NULL,
    made_at     timestamptz  NOT NULL,
    retired_at  timestamptz
);

-- The first `size` events, signed: `note` is the whole signed text, `key` the one that signed first.
CREATE TABLE checkpoint (
    size         bigint       NOT NULL CHECK (size > 0),
    key          text         NOT NULL REFERENCES log_key (id),
    root         bytea        NOT NULL,
    recorded_at  timestamptz  NOT NULL,
    made_at      timestamptz  NOT NULL,
    note         text         NOT NULL,
    PRIMARY KEY (size, key)
);

-- What has arrived where. A destination is named without the secrets that its address may carry.
CREATE TABLE checkpoint_sent (
    destination  text         NOT NULL,
    size         bigint       NOT NULL,
    key          text         NOT NULL,
    sent_at      timestamptz  NOT NULL,
    PRIMARY KEY (destination, size, key),
    FOREIGN KEY (size, key) REFERENCES checkpoint (size, key)
);

-- What does not work at the moment: `about` is 'signing' or a destination. An alarm is worse than a failure: two states
-- of one ledger that contradict each other.
CREATE TABLE checkpoint_trouble (
    about     text         PRIMARY KEY,
    since     timestamptz  NOT NULL,
    tried_at  timestamptz  NOT NULL,
    times     integer      NOT NULL,
    alarm     boolean      NOT NULL,
    zh        text         NOT NULL,
    en        text         NOT NULL
);
