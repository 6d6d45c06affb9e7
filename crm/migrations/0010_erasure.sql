-- What can be erased by itself: a lead's free texts written up to a day, and each document.

-- Under which subject is sealed what is written after this one's key was destroyed. A person has none: nothing is ever
-- written of them again. A lead's free texts go on under a key of their next generation.
ALTER TABLE sealing_key ADD COLUMN successor uuid;

-- Whose key a document is under: its own since this version, the lead's before (null).
ALTER TABLE document ADD COLUMN subject uuid;
