-- In which leads a contact person ever stood, by id; and by what those of today are found, keyed, while they may be.

-- ddl
CREATE TABLE contact (
    subject uuid NOT NULL,
    lead    uuid NOT NULL,
    PRIMARY KEY (subject, lead)
);

CREATE TABLE contact_name (
    lead    uuid     NOT NULL,
    subject uuid     NOT NULL,
    grams   bigint[] NOT NULL,
    PRIMARY KEY (lead, subject)
);

-- indexes
CREATE INDEX contact_lead ON contact (lead);
CREATE INDEX contact_name_grams ON contact_name USING gin (grams);
CREATE INDEX contact_name_subject ON contact_name (subject);

-- name: settle
DELETE FROM contact_name n
WHERE n.lead = ANY (%(leads)s)
  AND NOT EXISTS (SELECT FROM incoming_contact_name i WHERE i.lead = n.lead AND i.subject = n.subject)

-- name: erase
DELETE FROM contact_name WHERE subject = ANY (%(subjects)s)

-- name: leads_of
SELECT lead FROM contact WHERE subject = %(subject)s ORDER BY lead

-- name: alike
SELECT n.subject, n.lead
FROM contact_name n
WHERE n.grams @> %(grams)s::bigint[] AND n.subject <> %(besides)s
ORDER BY n.lead, n.subject
LIMIT %(limit)s
