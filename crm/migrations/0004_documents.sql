-- Files attached to a lead: ciphertext under the lead's own key. Name and fingerprint are in the event.

CREATE TABLE document (
    stream        uuid         NOT NULL,
    sha256        text         NOT NULL,
    content_type  text         NOT NULL,
    size          bigint       NOT NULL,
    content       bytea        NOT NULL,
    stored_at     timestamptz  NOT NULL,
    PRIMARY KEY (stream, sha256)
);

-- It is ciphertext: compressing it is work for nothing.
ALTER TABLE document ALTER COLUMN content SET STORAGE EXTERNAL;
