-- When a password was set: a sign-in that proved the mailbox before that may not set it once more.
ALTER TABLE account ADD COLUMN password_set_at timestamptz;
