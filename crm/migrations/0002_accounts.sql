-- Secrets: who may log in, sessions, API tokens, failed logins. Never events, never exported.
-- Times come from the application as parameters, as everywhere (no clock in SET, WHERE or RETURNING).

CREATE TABLE account (
    person uuid PRIMARY KEY,
    login text NOT NULL UNIQUE,
    password_hash text,
    must_change boolean NOT NULL DEFAULT true
);

CREATE TABLE session (
    token_hash bytea PRIMARY KEY,
    person uuid NOT NULL REFERENCES account (person) ON DELETE CASCADE,
    opened_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL
);
CREATE INDEX session_person ON session (person);

CREATE TABLE api_token (
    id uuid PRIMARY KEY,
    person uuid NOT NULL REFERENCES account (person) ON DELETE CASCADE,
    name text NOT NULL,
    token_hash bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    used_at timestamptz,
    revoked_at timestamptz
);

-- One row per attempt to log in that has not (yet) succeeded; `subject` is a digest of a login name or an address.
CREATE TABLE login_attempt (
    id uuid NOT NULL,
    subject bytea NOT NULL,
    tried_at timestamptz NOT NULL,
    PRIMARY KEY (subject, id)
);
