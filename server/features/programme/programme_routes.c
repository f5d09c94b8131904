#include "features/programme/programme_routes.h"
#include "base/text.h"
#include "features/programme/programme_store.h"

#define TITLE_MAX       200
#define ABSTRACT_MAX    2000
#define NAME_MAX        120
#define AFFILIATION_MAX 200
#define COUNTRY_MAX     60
#define BIOGRAPHY_MAX   1500
#define START_MAX       1440
#define MINUTES_MAX     600

static const char *const roles[] = {"chair", "speaker", "panellist", "moderator", NULL};

/* Takes body. */
static void reply(struct http_exchange *x, enum err err, int status, json_t *body)
{
    if (err == ERR_OK)
        http_reply_json(x, status, body);
    else
        http_problem_err(x, err);
}

void get_programme(struct http_exchange *x)
{
    json_t *body = NULL;
    enum err err = programme_get(x->db, &x->place.session, &body);
    reply(x, err, 200, body);
}

/* --- the whole programme --- */

/* A fault in an item is one of the list. */
static void end_item(struct json_reader *r, const char *list, struct json_reader *item)
{
    if (!json_reader_end(item))
        json_reader_fault(r, list, item->reason);
}

static void check_speakers(struct json_reader *r, json_t *list)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        struct json_reader inner = json_reader(item);
        json_read_id(&inner, "speaker");
        json_read_word(&inner, "role", roles);
        end_item(r, "speakers", &inner);
    }
}

static void check_talks(struct json_reader *r, json_t *list)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        struct json_reader inner = json_reader(item);
        json_read_id(&inner, "id");
        read_line(&inner, "title", 1, TITLE_MAX);
        json_read_string(&inner, "abstract", 0, ABSTRACT_MAX);
        json_read_int(&inner, "start_minute", 0, START_MAX);
        json_read_int(&inner, "minutes", 1, MINUTES_MAX);
        check_speakers(&inner, json_read_array(&inner, "speakers", TALK_SPEAKERS_MAX));
        end_item(r, "talks", &inner);
    }
}

void put_programme(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    struct programme_body wanted = {
        .version = json_read_string(&r, "version", 1, 64),
        .talks = json_read_array(&r, "talks", TALKS_MAX),
        .speakers = json_read_array(&r, "speakers", TALK_SPEAKERS_MAX),
    };
    check_talks(&r, wanted.talks);
    check_speakers(&r, wanted.speakers);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    json_t *now = NULL;
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = programme_set(x->db, &change, &x->place.session, &wanted, &now);
    if (err == ERR_CONFLICT)
        http_problem(x, 409, "programme.changed", "Somebody else changed the programme meanwhile.");
    else if (err == ERR_INVALID)
        http_problem_field(x, "talks", "names what is not of this session, or somebody twice");
    else
        reply(x, err, 200, now);
}

/* --- speakers --- */

void get_speakers(struct http_exchange *x)
{
    json_t *items = NULL;
    enum err err = speakers_list(x->db, &x->place.congress, &items);
    reply(x, err, 200, json_pack("{s:o?,s:n}", "items", items, "next"));
}

/* False after having replied. all: the name must be there. */
static bool read_speaker(struct http_exchange *x, bool all, struct speaker_fields *f)
{
    json_t *body = http_body_json(x);
    if (!body)
        return false;
    struct json_reader r = json_reader(body);
    *f = (struct speaker_fields){0};
    if (all || json_read_has(&r, "name"))
        f->name = read_line(&r, "name", 1, NAME_MAX);
    if (json_read_has(&r, "affiliation"))
        f->affiliation = read_line(&r, "affiliation", 0, AFFILIATION_MAX);
    if (json_read_has(&r, "country"))
        f->country = read_line(&r, "country", 0, COUNTRY_MAX);
    if (json_read_has(&r, "biography"))
        f->biography = json_read_string(&r, "biography", 0, BIOGRAPHY_MAX);
    if (json_reader_end(&r))
        return true;
    http_problem_field(x, r.field, r.reason);
    return false;
}

void post_speaker(struct http_exchange *x)
{
    struct speaker_fields fields;
    if (!read_speaker(x, true, &fields))
        return;
    json_t *added = NULL;
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = speaker_add(x->db, &change, &x->place.congress, &fields, &added);
    if (err == ERR_TOO_LARGE)
        http_problem(x, 409, "congress.full", "This congress holds as many of these as it can.");
    else
        reply(x, err, 201, added);
}

void patch_speaker(struct http_exchange *x)
{
    struct id speaker;
    struct speaker_fields fields;
    if (!http_path_id(x, "speaker", &speaker) || !read_speaker(x, false, &fields))
        return;
    json_t *changed = NULL;
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = speaker_set(x->db, &change, &x->place.congress, &speaker, &fields, &changed);
    reply(x, err, 200, changed);
}

void delete_speaker(struct http_exchange *x)
{
    struct id speaker;
    if (!http_path_id(x, "speaker", &speaker))
        return;
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = speaker_delete(x->db, &change, &x->place.congress, &speaker);
    if (err == ERR_OK)
        http_reply_empty(x, 204);
    else
        http_problem_err(x, err);
}
