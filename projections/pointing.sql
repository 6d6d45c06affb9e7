-- Who speaks of whom: the leads, firms and projects that other records are about, as known now.

-- name: spoken_of (of those ids the ones that records other than these speak of)
SELECT DISTINCT one FROM (
    SELECT i.company, i.id FROM project_interval i
    WHERE i.known_to > 9223372036854775806 AND i.to_on > DATE '9999-12-30' AND i.company = ANY (%(ids)s)
    UNION ALL
    SELECT i.lead, i.id FROM project_interval i
    WHERE i.known_to > 9223372036854775806 AND i.to_on > DATE '9999-12-30' AND i.lead = ANY (%(ids)s)
    UNION ALL
    SELECT i.parent, i.id FROM company_interval i
    WHERE i.known_to > 9223372036854775806 AND i.to_on > DATE '9999-12-30' AND i.parent = ANY (%(ids)s)
    UNION ALL
    SELECT unnest(i.leads), i.id FROM company_interval i
    WHERE i.known_to > 9223372036854775806 AND i.to_on > DATE '9999-12-30' AND i.leads && %(ids)s::uuid[]
    UNION ALL
    SELECT unnest(ARRAY[i.company, i.project, i.lead]), i.id FROM problem_interval i
    WHERE i.known_to > 9223372036854775806 AND i.to_on > DATE '9999-12-30'
      AND (i.company = ANY (%(ids)s) OR i.project = ANY (%(ids)s) OR i.lead = ANY (%(ids)s))
    UNION ALL
    SELECT unnest(ARRAY[i.company, i.project, i.lead]), i.id FROM service_interval i
    WHERE i.known_to > 9223372036854775806 AND i.to_on > DATE '9999-12-30'
      AND (i.company = ANY (%(ids)s) OR i.project = ANY (%(ids)s) OR i.lead = ANY (%(ids)s))
    UNION ALL
    SELECT unnest(ARRAY[i.company, i.project]), i.id FROM procedure_interval i
    WHERE i.known_to > 9223372036854775806 AND i.to_on > DATE '9999-12-30'
      AND (i.company = ANY (%(ids)s) OR i.project = ANY (%(ids)s))
    UNION ALL
    SELECT unnest(ARRAY[i.company, i.project]), i.id FROM funding_interval i
    WHERE i.known_to > 9223372036854775806 AND i.to_on > DATE '9999-12-30'
      AND (i.company = ANY (%(ids)s) OR i.project = ANY (%(ids)s))
    UNION ALL
    SELECT i.project, i.id FROM plan_interval i
    WHERE i.known_to > 9223372036854775806 AND i.to_on > DATE '9999-12-30' AND i.project = ANY (%(ids)s)
    UNION ALL
    SELECT unnest(i.takers), i.id FROM site_interval i
    WHERE i.known_to > 9223372036854775806 AND i.to_on > DATE '9999-12-30' AND i.takers && %(ids)s::uuid[]
) AS pointing (one, speaker)
WHERE one = ANY (%(ids)s) AND NOT speaker = ANY (%(ids)s)
