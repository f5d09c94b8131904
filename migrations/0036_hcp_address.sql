-- Somebody who has no link at hand asks for theirs by the address alone, whatever the organisation.
CREATE INDEX hcp_address ON hcp (email) WHERE email IS NOT NULL;
