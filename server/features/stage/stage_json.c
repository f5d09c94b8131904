#include "base/clock.h"
#include "features/stage/stage.h"
#include <stdio.h>
#include <string.h>

json_t *stage_id_json(const struct id *id)
{
    static const struct id nobody;
    char text[ID_TEXT_SIZE];
    return id_equal(id, &nobody) ? json_null() : json_string(id_text(id, text));
}

static json_t *time_json(int64_t at)
{
    char text[TIME_TEXT_SIZE];
    return json_string(time_text(at, text));
}

static const char *kind_of(const struct stage_person *p)
{
    return p->staff ? "account" : "registration";
}

/* Of several the one for which they are there. */
static json_t *role_json(const struct stage_person *p)
{
    static const struct {
        unsigned role;
        const char *word;
    } roles[] = {{ROLE_SPEAKER, "speaker"},
                 {ROLE_HOST, "host"},
                 {ROLE_MODERATOR, "moderator"},
                 {ROLE_ORGANISER, "organiser"}};
    for (size_t i = 0; p->staff && i < sizeof roles / sizeof *roles; i++)
        if (p->who.roles & roles[i].role)
            return json_string(roles[i].word);
    return json_null();
}

json_t *stage_person_json(const struct stage_person *p)
{
    return json_pack("{s:o,s:s,s:s,s:o,s:s,s:b,s:b,s:b,s:b,s:o}", "id", stage_id_json(&p->id),
                     "name", p->who.name, "kind", kind_of(p), "role", role_json(p), "place",
                     stage_place_words[p->place], "picture", p->picture, "muted", p->muted,
                     "camera_off", p->camera_off, "screen", p->screen, "since",
                     time_json(p->since));
}

json_t *stage_payload(const struct stage_person *p)
{
    return json_pack("{s:o,s:s,s:s,s:b,s:b,s:b,s:b,s:o}", "person", stage_id_json(&p->id), "kind",
                     kind_of(p), "place", stage_place_words[p->place], "picture", p->picture,
                     "muted", p->muted, "camera_off", p->camera_off, "screen", p->screen, "since",
                     time_json(p->since));
}

static bool is(const json_t *payload, const char *name)
{
    return json_is_true(json_object_get(payload, name));
}

bool stage_payload_read(const json_t *payload, struct stage_person *out)
{
    const char *id = json_string_value(json_object_get(payload, "person"));
    const char *kind = json_string_value(json_object_get(payload, "kind"));
    const char *place = json_string_value(json_object_get(payload, "place"));
    const char *since = json_string_value(json_object_get(payload, "since"));
    *out = (struct stage_person){.picture = is(payload, "picture"),
                                 .muted = is(payload, "muted"),
                                 .camera_off = is(payload, "camera_off"),
                                 .screen = is(payload, "screen")};
    if (!id || !id_parse(id, &out->id) || !kind || !place || !since ||
        !time_parse(since, &out->since))
        return false;
    out->staff = strcmp(kind, "account") == 0;
    while (stage_place_words[out->place] && strcmp(stage_place_words[out->place], place) != 0)
        out->place++;
    return stage_place_words[out->place] != NULL;
}

/* Who is invited and did not come yet is for staff to know. */
json_t *stage_set_json(const struct stage_set *s, unsigned audience)
{
    json_t *people = json_array();
    for (int i = 0; i < s->n; i++)
        if ((audience & ROLE_STAFF) || stage_is_in(&s->people[i]))
            json_array_append_new(people, stage_person_json(&s->people[i]));
    return json_pack("{s:s,s:o,s:o}", "layout", stage_layout_words[s->layout], "spotlight",
                     stage_id_json(&s->spotlight), "people", people);
}

json_t *stage_hand_json(const struct stage_hand *hand)
{
    return json_pack("{s:o,s:s,s:o}", "person", stage_id_json(&hand->person), "name", hand->name,
                     "at", time_json(hand->at));
}

json_t *stage_own_json(const struct stage_person *p, const struct stage_hand *hand)
{
    bool invited = p && p->place == STAGE_INVITED;
    return json_pack("{s:o,s:o}", "hand", hand ? time_json(hand->at) : json_null(), "invited",
                     invited ? json_pack("{s:b}", "picture", p->picture) : json_null());
}
