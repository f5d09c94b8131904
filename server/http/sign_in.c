/* Who makes a request. A browser may hold two sign-ins, one as staff and one as an HCP; a page says
 * for whom it acts (X-Amphi-Person), and then nobody else does. */
#include "http/server.h"
#include <stdlib.h>
#include <string.h>

/* --- the loop: what the request says --- */

static bool read_cookies(struct http_wire *w)
{
    if (cookie_sign_ins(w->cookie, http_server_hooks(w->server)->token_hash, &w->limited.sign_ins))
        return true;
    http_problem(&w->x, 400, "request.invalid", "The sign-in cookie is there twice.");
    return false;
}

/* For whom the page acts: a header, or in the address where a browser follows a link by itself.
 * What anybody may ask needs no name. */
static bool read_person(struct http_wire *w)
{
    const char *text = w->person_text[0] ? w->person_text : http_query(&w->x, "person");
    w->named = text && w->x.route->roles != ROLE_NONE;
    if (!w->named || id_parse(text, &w->person))
        return true;
    http_problem(&w->x, 400, "request.invalid", "The person is not an id.");
    return false;
}

bool wire_read_sign_ins(struct http_wire *w)
{
    return read_cookies(w) && read_person(w);
}

/* --- the worker: who that is --- */

/* The sign-ins that the browser holds, as they were looked up. */
struct candidates {
    struct grants_check checks[SIDES], *asked[SIDES];
    enum side sides[SIDES]; /* of those asked for */
    size_t n;
};

/* Those of HCPs first where only they may ask. */
static void gather(const struct http_wire *w, struct candidates *c)
{
    bool hcps = w->x.route->roles == ROLE_HCP;
    for (int i = 0; i < SIDES; i++) {
        enum side side = (i == 0) == hcps ? SIDE_HCP : SIDE_STAFF;
        struct grants_check *check = &c->checks[c->n];
        if (!w->limited.sign_ins.held[side])
            continue;
        memcpy(check->token, w->limited.sign_ins.token[side], sizeof check->token);
        check->err = ERR_UNAUTHENTICATED;
        c->sides[c->n] = side;
        c->asked[c->n++] = check;
    }
}

static enum err ask(struct http_wire *w, struct candidates *c)
{
    const struct http_route *route = w->x.route;
    struct id thing = {0};
    if (route->thing && !id_parse(http_path_text(&w->x, route->thing), &thing))
        thing = (struct id){0}; /* nothing has this id */
    for (size_t i = 0; i < c->n; i++)
        c->checks[i].thing = thing;
    enum err err =
        http_server_hooks(w->server)->check(w->x.db, route->kind ? route->kind : route->thing,
                                            c->asked, c->n, clock_now_us(w->x.clock));
    for (size_t i = 0; i < c->n; i++)
        free(c->checks[i].name);
    return err;
}

static bool is_good(const struct grants_check *check)
{
    return check->err != ERR_UNAUTHENTICATED;
}

static bool may(const struct http_route *route, const struct grants_check *check)
{
    return check->err == ERR_OK && (identity_may(&check->who, route->roles) == ERR_OK ||
                                    (route->inside && (check->inside & route->roles)));
}

/* Which one the request is made with: of the person whom the page shows, whatever that one may; a
 * page that names nobody gets one that may, else any. c->n: none. */
static size_t choose(const struct http_wire *w, const struct candidates *c)
{
    const struct http_route *route = w->x.route;
    size_t best = c->n;
    for (size_t i = 0; i < c->n; i++) {
        const struct grants_check *check = &c->checks[i];
        bool first = best == c->n;
        if (!is_good(check) || (w->named && !id_equal(&check->who.person, &w->person)))
            continue;
        if (first || (may(route, check) && !may(route, &c->checks[best])))
            best = i;
    }
    return best;
}

/* Who asks, where, and what they may do there. False after having replied. */
static bool take(struct http_wire *w, const struct grants_check *check, enum side side)
{
    const struct http_route *route = w->x.route;
    const struct http_hooks *hooks = http_server_hooks(w->server);
    enum err err = check->err == ERR_NOT_FOUND ? ERR_NOT_FOUND : ERR_OK;
    w->x.who = check->who;
    w->x.side = side;
    w->x.place = check->place;
    w->x.proved_at = check->proved_at;
    w->x.partial = route->inside && !(check->who.roles & route->roles);
    if (w->x.partial)
        w->x.who.roles = check->inside;
    /* What names nobody and might be either's, as an image, is no sign that staff is there. */
    if (err == ERR_OK && check->unseen && hooks->seen && (w->named || !w->x.beside))
        err = hooks->seen(w->x.db, &check->who.sign_in, clock_now_us(w->x.clock));
    if (err != ERR_OK)
        http_problem_err(&w->x, err);
    return err == ERR_OK;
}

bool wire_check_sign_in(struct http_wire *w)
{
    struct candidates c = {.n = 0};
    int retry_s = 1;
    gather(w, &c);
    enum err err = c.n ? ask(w, &c) : ERR_OK;
    if (err != ERR_OK) {
        http_problem_err(&w->x, err);
        return false;
    }
    size_t good = 0, best = choose(w, &c);
    for (size_t i = 0; i < c.n; i++)
        good += is_good(&c.checks[i]);
    w->x.beside = good > 1;
    if (good && best == c.n) {
        http_problem(&w->x, 409, "auth.other_person",
                     "Somebody else is signed in on this browser now.");
        return false;
    }
    if (!good)
        return true;
    if (!take(w, &c.checks[best], c.sides[best]))
        return false;
    if (limits_found(http_server_limits(w->server), &w->limited, w->x.side, &w->x.who.person,
                     clock_mono_us(w->x.clock), &retry_s))
        return true;
    http_problem_rate(&w->x, retry_s);
    return false;
}
