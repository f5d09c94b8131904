/* The public page of a registration link: what it shows. */
#include "db/query.h"
#include "features/registration/registration_store.h"

enum err registration_page(struct db_conn *c, const char *code, json_t **out)
{
    return db_read_json(
        c, out,
        "SELECT jsonb_build_object("
        " 'organisation', organisation_public(o.id) || jsonb_build_object("
        "    'privacy_notice_fr', o.privacy_notice_fr, 'privacy_notice_en', o.privacy_notice_en),"
        " 'congress', jsonb_build_object('title', c.title, 'description', c.description,"
        "    'language', c.language, 'time_zone', c.time_zone),"
        " 'sessions', (SELECT coalesce(jsonb_agg(jsonb_build_object('title', s.title,"
        "      'description', s.description, 'language', s.language,"
        "      'starts_at', json_time(s.starts_at), 'planned_minutes', s.planned_minutes,"
        "      'state', s.state, 'programme', programme_json(s.id, true))"
        "      ORDER BY s.starts_at, s.id), '[]')"
        "    FROM session s WHERE s.congress_id = c.id AND s.state <> 'draft'),"
        " 'consents', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', t.kind,"
        "      'version', t.version, 'text_fr', t.text_fr, 'text_en', t.text_en,"
        "      'required', t.kind = 'participation') ORDER BY t.kind DESC), '[]')"
        "    FROM (SELECT DISTINCT ON (kind) * FROM consent_text"
        "           WHERE organisation_id = o.id ORDER BY kind, version DESC) t),"
        " 'open', l.closed_at IS NULL AND EXISTS (SELECT 1 FROM session"
        "      WHERE congress_id = c.id AND state IN ('lobby', 'live')),"
        " 'link_open', l.closed_at IS NULL,"
        " 'representative', link_representative(l.id),"
        " 'policy', coalesce((SELECT policy FROM registration_policy WHERE congress_id = c.id),"
        "                    'open'),"
        " 'categories', to_jsonb(c.categories), 'review', c.review, 'full', "
        "coalesce(seats_free(c.id) <= 0, false),"
        " 'waiting_list', c.waiting_list,"
        " 'questions', form_asked_json(c.id, NULL, NULL, NULL, NULL, NULL, NULL),"
        " 'questions_adapt', EXISTS (SELECT 1 FROM form_question q"
        "      WHERE q.congress_id = c.id AND q.limited AND NOT q.hidden))"
        "  FROM registration_link l JOIN congress c ON c.id = l.congress_id"
        "  JOIN organisation o ON o.id = c.organisation_id WHERE l.code = $1",
        "s", code);
}
