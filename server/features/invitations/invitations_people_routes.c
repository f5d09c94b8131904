/* The invited, and the file for a CRM. */
#include "base/app.h"
#include "features/invitations/invitations_routes.h"
#include "features/invitations/invitations_store.h"
#include "http/csv.h"

#define SEARCH_MAX 200

/* ?round=: absent, or an id; false after having replied. */
static bool read_round(struct http_exchange *x, struct invited_wanted *w, struct id *round)
{
    const char *given = http_query(x, "round");
    if (!given || !*given)
        return true;
    w->round = round;
    if (id_parse(given, round))
        return true;
    http_problem_field(x, "round", "unknown");
    return false;
}

void get_invitations(struct http_exchange *x)
{
    static const char *const states[] = {"queued",     "invited", "opened",
                                         "registered", "waiting", "declined",
                                         "opted_out",  "bounced", NULL};
    struct id congress, round;
    struct cursor after;
    struct invited_wanted wanted = {
        .congress = &congress, .limit = http_query_limit(x), .now = clock_now_us(x->clock)};
    if (!http_path_id(x, "congress", &congress) || !cursor_read(x, CURSOR_OLDEST, &after) ||
        !read_round(x, &wanted, &round) || !http_query_word(x, "state", states, &wanted.state) ||
        !http_query_text(x, "q", SEARCH_MAX, &wanted.search))
        return;
    if (http_query(x, "cursor"))
        wanted.after = &after.id;
    struct people_page page;
    json_t *counts = NULL;
    enum err err = invited_read(x->db, &x->who, &wanted, &page, &counts);
    if (err != ERR_OK) {
        json_decref(page.items);
        json_decref(counts);
        if (err == ERR_INVALID)
            http_problem_field(x, "cursor", "not there any more");
        else
            http_problem_err(x, err);
        return;
    }
    char text[CURSOR_TEXT_SIZE];
    struct cursor last = {.id = page.last};
    http_reply_json(x, 200,
                    json_pack("{s:o,s:s?,s:o}", "items", page.items, "next",
                              page.more ? cursor_text(&last, text) : NULL, "counts", counts));
}

void delete_invitation(struct http_exchange *x)
{
    struct id congress, invitation;
    if (!http_path_id(x, "congress", &congress) || !http_path_id(x, "invitation", &invitation))
        return;
    enum err err = invited_forget(x->db, &x->who, &congress, &invitation, clock_now_us(x->clock));
    if (err == ERR_OK)
        http_reply_empty(x, 204);
    else
        http_problem_err(x, err);
}

static enum err each_line(void *arg)
{
    return http_csv_row(arg);
}

static enum err write_file(struct http_exchange *x, struct http_csv_file *f, const struct id *round,
                           int64_t now)
{
    enum err err = round_export(x->db, &x->who, round, x->app->secrets, x->app->base_url, now,
                                &f->csv, each_line, f);
    return err == ERR_OK ? http_csv_end(f) : err;
}

void get_round_links(struct http_exchange *x)
{
    struct id round;
    enum csv_dialect dialect;
    struct round_about about;
    int64_t now = clock_now_us(x->clock);
    if (!http_path_id(x, "round", &round) || !http_csv_dialect(x, &dialect))
        return;
    enum err err = round_find(x->db, &x->who, &round, now, &about);
    if (err == ERR_OK && !about.ready) {
        http_problem(x, 409, "round.not_ready", "There is no file of personal links, or not yet.");
        return;
    }
    struct http_csv_file f = {0};
    if (err == ERR_OK)
        err = http_csv_open(&f, x, dialect);
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    err = write_file(x, &f, &round, now);
    if (err == ERR_OK)
        http_reply_csv(
            x, &f.file, dialect,
            &(struct http_csv_name){.what = {"invitations", "Invitations", "Invitations"},
                                    .congress = about.title,
                                    .session = about.list,
                                    .day = about.day});
    else
        http_problem_err(x, err);
    http_csv_close(&f);
}
