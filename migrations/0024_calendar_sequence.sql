-- Calendars ignore what is not newer than what they have: SEQUENCE of a person's event is that of the session
-- and that of the registration together. It grows when either changes, whoever changes it (RFC 5546 2.1.4).
ALTER TABLE registration ADD COLUMN calendar_sequence int NOT NULL DEFAULT 0;
UPDATE registration SET calendar_sequence = 1 WHERE state = 'cancelled';

CREATE FUNCTION registration_calendar_sequence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.calendar_sequence := OLD.calendar_sequence + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER registration_calendar_sequence BEFORE UPDATE OF state ON registration
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION registration_calendar_sequence();
