-- What readers of a goal board who may not see persons are shown of each of its numbers, as it was chosen last (base/disclosure.h):
-- {"KIND CODE": [[shown, mark, wait] for registered, attended, completed]}. Made by the first of them, changed by who reads after it.
CREATE TABLE goal_disclosed (
    congress_id     uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    cells           jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(cells) = 'object'),
    FOREIGN KEY (organisation_id, congress_id) REFERENCES congress (organisation_id, id)
);
