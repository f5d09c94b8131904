-- What a page that was drawn may lack: stable codes, e.g. 'font.missing'.
ALTER TABLE slide ADD COLUMN warnings text[] NOT NULL DEFAULT '{}';
