-- Of an address that asked for a link only the hash is kept: enough to find the accounts that have it.
DELETE FROM job WHERE kind = 'account.link';
DELETE FROM link_request;
ALTER TABLE link_request DROP COLUMN email, ADD COLUMN address_hash bytea NOT NULL;
CREATE INDEX account_address_hash ON account (sha256(email::bytea));
