-- Organisations take turns at the outbox, and what tells everybody registered of a change waits behind mails that
-- one person waits for: a sign-in link does not queue behind another organisation's 5,000 notices.
ALTER TABLE outbox ADD COLUMN bulk boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN outbox.bulk IS 'one of many; behind those that somebody waits for';
CREATE INDEX outbox_turns ON outbox (bulk, organisation_id, due_at, id) WHERE sent_at IS NULL AND failed_at IS NULL;
DROP INDEX outbox_due;
