-- What decks take of the disk, and which blobs are referred to.

-- How much of it an organisation's decks may take, 0 without a bound; null: as the server is configured.
ALTER TABLE organisation ADD COLUMN storage_mb bigint CHECK (storage_mb BETWEEN 0 AND 1000000000);

-- The images of a deck's pages, together.
ALTER TABLE deck ADD COLUMN image_bytes bigint NOT NULL DEFAULT 0 CHECK (image_bytes >= 0);
UPDATE deck d SET image_bytes = (SELECT coalesce(sum(i.bytes), 0) FROM slide_image i WHERE i.deck_id = d.id);

CREATE FUNCTION slide_image_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE deck SET image_bytes = image_bytes + NEW.bytes WHERE id = NEW.deck_id;
    RETURN NULL;
END $$;
CREATE TRIGGER slide_image_added AFTER INSERT ON slide_image FOR EACH ROW EXECUTE FUNCTION slide_image_added();

CREATE INDEX deck_stored ON deck (organisation_id) INCLUDE (bytes, image_bytes) WHERE removed_at IS NULL;
CREATE INDEX deck_pdf ON deck (pdf) WHERE removed_at IS NULL;
CREATE INDEX slide_image_blob ON slide_image (blob);

CREATE FUNCTION storage_used(p_organisation uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(bytes + image_bytes), 0)::bigint FROM deck
     WHERE organisation_id = p_organisation AND removed_at IS NULL
$$;

-- Whether anything refers to the blob of this hash. What nothing refers to is removed, so whatever adds a
-- reference is added here: storage_test has a list of all columns that could be one.
CREATE FUNCTION blob_used(p_hash bytea) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM deck WHERE pdf = p_hash AND removed_at IS NULL)
        OR EXISTS (SELECT FROM slide_image i JOIN deck d ON d.id = i.deck_id
                    WHERE i.blob = p_hash AND d.removed_at IS NULL)
$$;

-- Decks removed before give back what they take.
INSERT INTO job (kind, object_id, organisation_id, created_at, due_at)
SELECT 'deck.free', id, organisation_id, removed_at, removed_at FROM deck WHERE removed_at IS NOT NULL;
