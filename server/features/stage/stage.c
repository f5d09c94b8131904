#include "features/stage/stage.h"
#include <string.h>

const char *const stage_place_words[] = {"invited", "backstage", "stage", NULL};
const char *const stage_layout_words[] = {"slide", "speaker", "screen", NULL};

#define LEADERS (ROLE_ORGANISER | ROLE_HOST)

static const struct id nobody;

struct stage_person *stage_find(struct stage_set *s, const struct id *person)
{
    for (int i = 0; i < s->n; i++)
        if (id_equal(&s->people[i].id, person))
            return &s->people[i];
    return NULL;
}

bool stage_put(struct stage_set *s, const struct stage_person *person)
{
    struct stage_person *there = stage_find(s, &person->id);
    if (!there && s->n == STAGE_PEOPLE_MOST + STAGE_INVITED_MOST)
        return false;
    if (!there)
        there = &s->people[s->n++];
    *there = *person;
    return true;
}

void stage_take_off(struct stage_set *s, const struct id *person)
{
    struct stage_person *p = stage_find(s, person);
    if (!p)
        return;
    size_t after = (size_t)(&s->people[s->n] - (p + 1));
    memmove(p, p + 1, after * sizeof *p);
    s->n--;
}

bool stage_is_in(const struct stage_person *p)
{
    return p->place != STAGE_INVITED;
}

const char *stage_hand_refused(enum session_state session)
{
    return session == SESSION_LOBBY || session == SESSION_LIVE ? NULL : "session.state";
}

/* --- rules --- */

static int count(const struct stage_set *s, bool (*is)(const struct stage_person *p))
{
    int n = 0;
    for (int i = 0; i < s->n; i++)
        n += is(&s->people[i]);
    return n;
}

static bool is_on(const struct stage_person *p)
{
    return p->place == STAGE_ON;
}

static bool is_invited(const struct stage_person *p)
{
    return p->place == STAGE_INVITED;
}

static struct stage_change *add(struct stage_outcome *out, const char *event,
                                const struct stage_person *p)
{
    struct stage_change *change = &out->changes[out->n++];
    *change = (struct stage_change){.event = event};
    if (p)
        change->person = *p;
    return change;
}

static void set_spotlight(struct stage_set *s, struct stage_outcome *out, const struct id *person)
{
    s->spotlight = *person;
    out->of_stage = true;
    add(out, "stage.spotlight", NULL);
}

/* Off the stage, and so out of the spotlight. */
static void take_off(struct stage_set *s, struct stage_outcome *out, const struct stage_person *p,
                     const char *event, const char *why)
{
    struct stage_change *change = add(out, event, p);
    change->gone = true;
    change->why = why;
    struct id id = p->id;
    if (id_equal(&s->spotlight, &id))
        set_spotlight(s, out, &nobody);
    stage_take_off(s, &id);
}

/* An HCP comes when invited, and then stands on the stage; staff go behind it. */
static const char *enter(struct stage_set *s, const struct stage_ask *ask, struct stage_person *p,
                         struct stage_outcome *out)
{
    bool staff = ask->who.roles & ROLE_STAFF;
    if (p && stage_is_in(p))
        return NULL;
    if (!p && !staff)
        return "stage.not_invited";
    if (ask->session == SESSION_CANCELLED || (!staff && stage_hand_refused(ask->session)))
        return "session.state";
    if (count(s, stage_is_in) >= STAGE_PEOPLE_MOST || (p && count(s, is_on) >= STAGE_MOST))
        return "stage.full";
    struct stage_person new = {.id = ask->who.person,
                               .staff = !(ask->who.roles & ROLE_HCP),
                               .place = p ? STAGE_ON : STAGE_BACKSTAGE,
                               .picture = p ? p->picture : true,
                               .since = ask->at};
    stage_put(s, &new);
    add(out, "stage.entered", &new);
    return NULL;
}

static const char *leave(struct stage_set *s, const struct stage_ask *ask,
                         const struct stage_person *p, struct stage_outcome *out)
{
    if (!p) {
        out->absent = true;
        return NULL;
    }
    if (ask->act == STAGE_DECLINE && stage_is_in(p))
        return "stage.place";
    if (ask->act == STAGE_LOSE && !stage_is_in(p))
        return NULL;
    bool declines = !stage_is_in(p) && ask->act != STAGE_REMOVE;
    take_off(s, out, p, declines ? "stage.declined" : "stage.left",
             ask->act == STAGE_REMOVE ? "removed"
             : ask->act == STAGE_LOSE ? "lost"
                                      : "exit");
    return NULL;
}

/* A screen is shared from where one stands: behind the stage it is given up. */
static const char *move(struct stage_set *s, const struct stage_ask *ask, struct stage_person *p,
                        struct stage_outcome *out)
{
    if (!p || !stage_is_in(p))
        return "not_found";
    if (p->place == ask->place)
        return NULL;
    if (ask->place == STAGE_ON && count(s, is_on) >= STAGE_MOST)
        return "stage.full";
    p->place = ask->place;
    p->since = ask->at;
    p->screen = p->screen && p->place == STAGE_ON;
    add(out, "stage.moved", p);
    if (p->place != STAGE_ON && id_equal(&s->spotlight, &p->id))
        set_spotlight(s, out, &nobody);
    return NULL;
}

/* Others may take somebody's voice or picture off the air, never put it on. */
static const char *silence(const struct stage_ask *ask, struct stage_person *p,
                           struct stage_outcome *out)
{
    bool own = id_equal(&ask->who.person, &ask->person);
    if (!own && (!(ask->who.roles & LEADERS) || !ask->yes))
        return "auth.forbidden";
    if (!p || !stage_is_in(p))
        return "not_found";
    bool *what = ask->act == STAGE_MUTE ? &p->muted : &p->camera_off;
    if (*what == ask->yes)
        return NULL;
    *what = ask->yes;
    add(out, "stage.changed", p);
    return NULL;
}

static const char *share(struct stage_set *s, const struct stage_ask *ask, struct stage_person *p,
                         struct stage_outcome *out)
{
    if (!p || !stage_is_in(p))
        return ask->yes ? "stage.place" : NULL;
    if (p->screen == ask->yes)
        return NULL;
    for (int i = 0; ask->yes && i < s->n; i++)
        if (s->people[i].screen)
            return "stage.screen_taken";
    p->screen = ask->yes;
    add(out, "stage.changed", p);
    return NULL;
}

static const char *point(struct stage_set *s, const struct stage_ask *ask,
                         const struct stage_person *p, struct stage_outcome *out)
{
    bool somebody = !id_equal(&ask->person, &nobody);
    if (somebody && !p)
        return "not_found";
    if (somebody && p->place != STAGE_ON)
        return "stage.place";
    if (!id_equal(&s->spotlight, &ask->person))
        set_spotlight(s, out, &ask->person);
    return NULL;
}

static void lay_out(struct stage_set *s, const struct stage_ask *ask, struct stage_outcome *out)
{
    if (s->layout == ask->layout)
        return;
    s->layout = ask->layout;
    out->of_stage = true;
    add(out, "stage.layout", NULL);
}

/* Again: with a camera, or without one any more, also for one who came already. */
static const char *invite(struct stage_set *s, const struct stage_ask *ask, struct stage_person *p,
                          struct stage_outcome *out)
{
    if (p && p->picture == ask->yes)
        return NULL;
    if (p) {
        p->picture = ask->yes;
        add(out, stage_is_in(p) ? "stage.changed" : "stage.invited", p);
        return NULL;
    }
    if (stage_hand_refused(ask->session))
        return "session.state";
    if (count(s, is_invited) >= STAGE_INVITED_MOST)
        return "stage.full";
    struct stage_person new = {
        .id = ask->person, .place = STAGE_INVITED, .picture = ask->yes, .since = ask->at};
    stage_put(s, &new);
    add(out, "stage.invited", &new);
    return NULL;
}

const char *stage_do(struct stage_set *s, const struct stage_ask *ask, struct stage_outcome *out)
{
    struct stage_person *p = stage_find(s, &ask->person);
    *out = (struct stage_outcome){0};
    switch (ask->act) {
    case STAGE_ENTER:
        return enter(s, ask, p, out);
    case STAGE_EXIT:
    case STAGE_REMOVE:
    case STAGE_DECLINE:
    case STAGE_LOSE:
        return leave(s, ask, p, out);
    case STAGE_MOVE:
        return move(s, ask, p, out);
    case STAGE_MUTE:
    case STAGE_CAMERA:
        return silence(ask, p, out);
    case STAGE_SHARE:
        return share(s, ask, p, out);
    case STAGE_SPOTLIGHT:
        return point(s, ask, p, out);
    case STAGE_LAYOUT:
        lay_out(s, ask, out);
        return NULL;
    case STAGE_INVITE:
        break;
    }
    return invite(s, ask, p, out);
}
