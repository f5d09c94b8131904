-- What a congress mails by itself: reminders before its sessions, thanks and "sorry we missed you" after the last one, and
-- how long changes are gathered. And the texts of an organisation in place of the house's. README.md, "Mails of a congress",
-- has the rules.

-- What a congress's organisers decided; no row: as the defaults.
CREATE TABLE mail_setting (
    congress_id     uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    remind_day      boolean NOT NULL DEFAULT true,
    remind_hour     boolean NOT NULL DEFAULT true,
    remind_minutes  boolean NOT NULL DEFAULT true,
    thanks          boolean NOT NULL DEFAULT false,
    missed          boolean NOT NULL DEFAULT false,
    gather_minutes  int NOT NULL DEFAULT 60 CHECK (gather_minutes BETWEEN 5 AND 240),
    FOREIGN KEY (organisation_id, congress_id) REFERENCES congress (organisation_id, id)
);

CREATE FUNCTION mail_setting_of(p_congress uuid) RETURNS mail_setting LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_row mail_setting;
BEGIN
    SELECT * INTO v_row FROM mail_setting WHERE congress_id = p_congress;
    IF NOT FOUND THEN
        SELECT c.id, c.organisation_id, true, true, true, false, false, 60 INTO v_row FROM congress c WHERE c.id = p_congress;
    END IF;
    RETURN v_row;
END $$;

-- --- mailings ---

-- One mail to each of the registered: before a session, or after the last one of a congress ('farewell': thanks to those who attended,
-- a word to those who did not). There is one for each start that a session was given, so that none is sent twice, nor for a start that is
-- not true any more. The job of its id sends it.
CREATE TABLE mailing (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL,
    congress_id     uuid NOT NULL,
    session_id      uuid NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('day', 'hour', 'minutes', 'farewell')),
    about_at        timestamptz NOT NULL,   -- the session's start, as it was planned then; of a farewell its end
    due_at          timestamptz NOT NULL,
    after           uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000', -- the last registration whose mail is in the outbox
    started_at      timestamptz,
    done_at         timestamptz,
    mails           int NOT NULL DEFAULT 0,
    UNIQUE (session_id, kind, about_at),
    FOREIGN KEY (organisation_id, congress_id) REFERENCES congress (organisation_id, id),
    FOREIGN KEY (organisation_id, session_id) REFERENCES session (organisation_id, id)
);
CREATE INDEX mailing_congress ON mailing (congress_id, due_at);

CREATE FUNCTION mailing_add(p_session session, p_kind text, p_about timestamptz, p_due timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_id uuid;
BEGIN
    INSERT INTO mailing AS m (organisation_id, congress_id, session_id, kind, about_at, due_at)
    VALUES (p_session.organisation_id, p_session.congress_id, p_session.id, p_kind, p_about, p_due)
        ON CONFLICT (session_id, kind, about_at) DO UPDATE SET due_at = excluded.due_at WHERE m.done_at IS NULL
    RETURNING id INTO v_id;
    IF v_id IS NOT NULL THEN
        INSERT INTO job (kind, object_id, organisation_id, created_at, due_at)
        VALUES ('mails.send', v_id, p_session.organisation_id, now(), p_due) ON CONFLICT DO NOTHING;
    END IF;
END $$;

CREATE FUNCTION reminders_plan(p_session session) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mailing_add(p_session, 'day', p_session.starts_at, p_session.starts_at - interval '1 day');
    PERFORM mailing_add(p_session, 'hour', p_session.starts_at, p_session.starts_at - interval '1 hour');
    PERFORM mailing_add(p_session, 'minutes', p_session.starts_at, p_session.starts_at - interval '10 minutes');
END $$;

-- Two hours after the last of a congress's sessions ended: an end may be corrected until then.
CREATE FUNCTION farewell_plan(p_congress uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_last session;
BEGIN
    IF EXISTS (SELECT FROM session WHERE congress_id = p_congress AND state IN ('lobby', 'live')) THEN
        RETURN;
    END IF;
    SELECT * INTO v_last FROM session WHERE congress_id = p_congress AND state = 'ended' ORDER BY ended_at DESC, id LIMIT 1;
    IF FOUND THEN
        PERFORM mailing_add(v_last, 'farewell', v_last.ended_at, v_last.ended_at + interval '2 hours');
    END IF;
END $$;

-- A mail that reminds of sessions: it is worth nothing after expires_at, nor when one of them is moved or cancelled before it left.
ALTER TABLE outbox
    ADD COLUMN reminds    uuid[],
    ADD COLUMN expires_at timestamptz;
CREATE INDEX outbox_reminders ON outbox (organisation_id) WHERE reminds IS NOT NULL AND sent_at IS NULL AND failed_at IS NULL;

-- What the sender has in its hands is on its way, and passed over.
CREATE FUNCTION reminders_withdraw(p_organisation uuid, p_session uuid, p_hcp uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE outbox SET failed_at = now(), last_error = 'withdrawn', to_address = NULL, message = NULL
     WHERE id IN (SELECT o.id FROM outbox o
                   WHERE o.organisation_id = p_organisation AND o.reminds IS NOT NULL AND o.sent_at IS NULL AND o.failed_at IS NULL
                     AND (p_session IS NULL OR p_session = ANY (o.reminds)) AND (p_hcp IS NULL OR o.hcp_id = p_hcp)
                     FOR UPDATE SKIP LOCKED);
END $$;

CREATE FUNCTION session_mailings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.starts_at <> NEW.starts_at OR NEW.state = 'cancelled' THEN
            PERFORM reminders_withdraw(NEW.organisation_id, NEW.id, NULL);
        END IF;
    END IF;
    IF NEW.state = 'lobby' THEN
        PERFORM reminders_plan(NEW);
    ELSIF NEW.state IN ('ended', 'cancelled') THEN
        PERFORM farewell_plan(NEW.congress_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER session_mailings_new AFTER INSERT ON session
    FOR EACH ROW WHEN (NEW.state <> 'draft') EXECUTE FUNCTION session_mailings();
CREATE TRIGGER session_mailings_changed AFTER UPDATE OF starts_at, state, ended_at ON session FOR EACH ROW
    WHEN (NEW.state <> 'draft' AND (OLD.starts_at, OLD.state, OLD.ended_at) IS DISTINCT FROM (NEW.starts_at, NEW.state, NEW.ended_at))
    EXECUTE FUNCTION session_mailings();

CREATE FUNCTION registration_reminders_withdraw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reminders_withdraw(NEW.organisation_id, NULL, NEW.hcp_id);
    RETURN NULL;
END $$;
CREATE TRIGGER registration_reminders_withdraw AFTER UPDATE OF state ON registration
    FOR EACH ROW WHEN (OLD.state = 'registered' AND NEW.state <> 'registered') EXECUTE FUNCTION registration_reminders_withdraw();

-- What is planned already. Nobody is written to about a congress that ended before there were farewells.
DO $$
DECLARE
    s session;
BEGIN
    FOR s IN SELECT * FROM session WHERE state = 'lobby' AND starts_at > now() LOOP
        PERFORM reminders_plan(s);
    END LOOP;
END $$;

-- The sessions that a reminder is about, in order; none: those of another session's. A day before, the sessions of that day in the
-- congress's zone; later those that follow each other with less than an hour between. Who is there already is not reminded of the next.
CREATE FUNCTION reminder_sessions(m mailing) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    WITH listed AS (
        SELECT s.id, s.state, s.starts_at, (s.starts_at AT TIME ZONE zone_here(c.time_zone))::date AS day,
               max(s.starts_at + make_interval(mins => s.planned_minutes))
                   OVER (ORDER BY s.starts_at, s.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until
          FROM session s JOIN congress c ON c.id = s.congress_id
         WHERE s.congress_id = m.congress_id AND s.state IN ('lobby', 'live', 'ended')
    ), parted AS (
        SELECT l.*, CASE WHEN m.kind = 'day' THEN l.day IS DISTINCT FROM lag(l.day) OVER (ORDER BY l.starts_at, l.id)
                         ELSE l.until IS NULL OR l.starts_at >= l.until + interval '1 hour' END AS first
          FROM listed l
    ), part AS (
        SELECT p.*, count(*) FILTER (WHERE p.first) OVER (ORDER BY p.starts_at, p.id) AS n FROM parted p
    )
    SELECT array_agg(o.id ORDER BY o.starts_at, o.id)
      FROM part o JOIN part mine ON mine.n = o.n
     WHERE mine.id = m.session_id AND mine.first AND mine.starts_at = m.about_at AND mine.state = 'lobby' AND o.state = 'lobby');
END $$;

-- Until when a reminder is still worth sending, whatever held it up.
CREATE FUNCTION mailing_until(m mailing) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE m.kind WHEN 'day' THEN m.about_at - interval '18 hours' WHEN 'hour' THEN m.about_at - interval '30 minutes'
                       WHEN 'minutes' THEN m.about_at ELSE m.about_at + interval '3 days' END
$$;

CREATE FUNCTION mailing_wanted(m mailing) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_set CONSTANT mail_setting := mail_setting_of(m.congress_id);
BEGIN
    RETURN CASE m.kind WHEN 'day' THEN v_set.remind_day WHEN 'hour' THEN v_set.remind_hour
                       WHEN 'minutes' THEN v_set.remind_minutes ELSE v_set.thanks OR v_set.missed END;
END $$;

-- Whether all of a congress is over, its last session at that moment, and nobody was written to about it yet.
CREATE FUNCTION farewell_fits(m mailing) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN m.about_at = (SELECT max(ended_at) FROM session WHERE congress_id = m.congress_id AND state = 'ended')
       AND NOT EXISTS (SELECT FROM session WHERE congress_id = m.congress_id AND state IN ('lobby', 'live'))
       AND NOT EXISTS (SELECT FROM mailing o WHERE o.congress_id = m.congress_id AND o.kind = 'farewell' AND o.id <> m.id
                                               AND o.started_at IS NOT NULL);
END $$;

-- What the next batch of a mailing is about: its sessions; null: nothing is to be sent now. The caller holds the session's row.
CREATE FUNCTION mailing_about(m mailing, p_now timestamptz) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF m.done_at IS NOT NULL OR p_now < m.due_at OR p_now >= mailing_until(m) OR NOT mailing_wanted(m) THEN
        RETURN NULL;
    ELSIF m.kind = 'farewell' THEN
        RETURN CASE WHEN farewell_fits(m) THEN ARRAY[m.session_id] END;
    END IF;
    -- A change of the session that is told now, or was since, says when it begins.
    IF EXISTS (SELECT FROM session_notice s JOIN notice n ON n.id = s.notice_id
                WHERE s.session_id = m.session_id AND s.kind IN ('rescheduled', 'added')
                  AND (n.done_at IS NULL OR s.created_at >= m.due_at)) THEN
        RETURN NULL;
    END IF;
    RETURN reminder_sessions(m);
END $$;

-- Other switches than before: what they turned on again, and is not too late.
CREATE FUNCTION mailings_resume(p_congress uuid, p_now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO job (kind, object_id, organisation_id, created_at, due_at)
    SELECT 'mails.send', m.id, m.organisation_id, p_now, greatest(m.due_at, p_now)
      FROM mailing m
     WHERE m.congress_id = p_congress AND m.done_at IS NULL AND p_now < mailing_until(m)
        ON CONFLICT DO NOTHING;
END $$;

-- --- changes ---

-- Not later than this, as a session begins soon.
ALTER TABLE notice ADD COLUMN latest_at timestamptz;
-- A notice that was on its way when the session changed again: whoever comes after that registration still knows what was before it.
ALTER TABLE session_notice
    ADD COLUMN untold_after  uuid,
    ADD COLUMN untold_before jsonb;

CREATE FUNCTION mail_gather(p_congress uuid) RETURNS interval LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN make_interval(mins => (mail_setting_of(p_congress)).gather_minutes);
END $$;

-- --- texts ---

-- An organisation's own text of a kind of mail; no row: the house's. Earlier ones are in the audit log.
CREATE TABLE mail_text (
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    kind            text NOT NULL CHECK (kind ~ '^[a-z_]{1,40}$'),
    language        text NOT NULL CHECK (language IN ('fr', 'en')),
    subject         text NOT NULL CHECK (char_length(subject) BETWEEN 1 AND 200),
    body            text NOT NULL CHECK (char_length(body) BETWEEN 1 AND 4000),
    changed_at      timestamptz NOT NULL,
    changed_by      uuid,
    PRIMARY KEY (organisation_id, kind, language)
);
