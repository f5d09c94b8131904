#include "features/sessions/sessions.h"
#include "base/clock.h"
#include <string.h>

static const struct {
    const char *action, *event;
    enum session_state from;
} verbs[] = {
    [SESSION_START] = {"session.start", "session.started", SESSION_LOBBY},
    [SESSION_EXTEND] = {"session.extend", "session.extended", SESSION_LIVE},
    [SESSION_END] = {"session.end", "session.ended", SESSION_LIVE},
};

const char *session_verb_action(enum session_verb verb)
{
    return verbs[verb].action;
}

const char *session_verb_event(enum session_verb verb)
{
    return verbs[verb].event;
}

bool session_allows(enum session_state state, enum session_verb verb)
{
    return state == verbs[verb].from;
}

json_t *session_verb_data(enum session_verb verb, int64_t version, int64_t planned_minutes,
                          int64_t at)
{
    char text[TIME_TEXT_SIZE];
    if (verb == SESSION_EXTEND)
        return json_pack("{s:I,s:I}", "version", (json_int_t)version, "planned_minutes",
                         (json_int_t)planned_minutes);
    return json_pack("{s:I,s:s}", "version", (json_int_t)version,
                     verb == SESSION_START ? "live_at" : "ended_at", time_text(at, text));
}

static json_t *fields_of(const json_t *shown, const char *const *fields)
{
    json_t *data = json_object();
    for (; *fields; fields++)
        json_object_set(data, *fields, json_object_get(shown, *fields));
    return data;
}

json_t *session_changed_data(const json_t *shown)
{
    static const char *const fields[] = {"title",           "description", "language", "starts_at",
                                         "planned_minutes", "listen_at",   "state",    "congress",
                                         "organisation",    NULL};
    return fields_of(shown, fields);
}

json_t *session_notice_data(const json_t *shown)
{
    static const char *const fields[] = {"title",     "language",        "state",
                                         "starts_at", "planned_minutes", NULL};
    return fields_of(shown, fields);
}

static int64_t time_of(const json_t *shown, const char *field)
{
    const char *text = json_string_value(json_object_get(shown, field));
    int64_t at = 0;
    return text && time_parse(text, &at) ? at : 0;
}

static struct id id_of(const json_t *object)
{
    struct id id = {0};
    const char *text = json_string_value(json_object_get(object, "id"));
    if (text)
        id_parse(text, &id);
    return id;
}

void session_update(struct room *room, json_t *shown, const json_t *data)
{
    json_object_update(shown, (json_t *)data);
    const char *state = json_string_value(json_object_get(shown, "state"));
    if (state)
        session_state_parse(state, &room->state);
    room->congress = id_of(json_object_get(shown, "congress"));
    room->starts_at = time_of(shown, "starts_at");
    room->live_at = time_of(shown, "live_at");
    room->ended_at = time_of(shown, "ended_at");
    room->version = json_integer_value(json_object_get(shown, "version"));
}

json_t *session_me(const struct identity *who, const char *name)
{
    static const struct {
        unsigned role;
        const char *word;
    } roles[] = {{ROLE_HCP, "hcp"},
                 {ROLE_ORGANISER, "organiser"},
                 {ROLE_HOST, "host"},
                 {ROLE_MODERATOR, "moderator"},
                 {ROLE_SPEAKER, "speaker"}};
    char person[ID_TEXT_SIZE];
    json_t *words = json_array();
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        if (who->roles & roles[i].role)
            json_array_append_new(words, json_string(roles[i].word));
    }
    return json_pack("{s:s,s:s,s:o}", "person", id_text(&who->person, person), "name",
                     name ? name : "", "roles", words);
}
