#include "base/app.h"
#include "features/registration/registration_review.h"
#include "features/registration/registration_routes.h"

#define SEARCH_MAX 200

void get_reviews(struct http_exchange *x)
{
    static const char *const filters[] = {"flagged", "proof_asked", "declined", NULL};
    struct reviews_wanted wanted = {.congress = &x->place.congress, .limit = http_query_limit(x)};
    if (!cursor_read(x, CURSOR_OLDEST, &wanted.after) ||
        !http_query_text(x, "q", SEARCH_MAX, &wanted.search) ||
        !http_query_word(x, "filter", filters, &wanted.filter) ||
        !http_query_word(x, "category", registration_categories, &wanted.category))
        return;
    struct reviews_page page;
    enum err err = reviews_list(x->db, &x->who, &wanted, &page);
    if (err == ERR_OK)
        err = registrations_audit_read(x->db, &x->who, wanted.congress, json_array_size(page.items),
                                       wanted.search != NULL, clock_now_us(x->clock));
    if (err != ERR_OK) {
        json_decref(page.items);
        json_decref(page.counts);
        http_problem_err(x, err);
        return;
    }
    char text[CURSOR_TEXT_SIZE];
    http_reply_json(x, 200,
                    json_pack("{s:o,s:s?,s:o}", "items", page.items, "next",
                              page.more ? cursor_text(&page.last, text) : NULL, "counts",
                              page.counts));
}

/* False after having replied. */
static bool read_wish(struct http_exchange *x, struct review_wish *wish)
{
    static const char *const decisions[] = {"approve", "decline", "ask_proof", NULL};
    static const char *const reasons[] = {"not_concerned", "industry", "duplicate", "not_verified",
                                          "no_proof",      "other",    NULL};
    json_t *body = http_body_json(x);
    if (!body)
        return false;
    struct json_reader r = json_reader(body);
    int decision = json_read_word(&r, "decision", decisions);
    wish->version = json_read_int(&r, "version", 1, INT32_MAX);
    if (decision == REVIEW_DECLINE) {
        int reason = json_read_word(&r, "reason", reasons);
        wish->reason = reason < 0 ? NULL : reasons[reason];
        if (json_read_has(&r, "message"))
            wish->message = json_read_string(&r, "message", 1, REVIEW_MESSAGE_MAX);
    }
    if (decision == REVIEW_ASK_PROOF)
        wish->message = json_read_string(&r, "message", 1, REVIEW_MESSAGE_MAX);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return false;
    }
    wish->decision = (enum review_decision)decision;
    return true;
}

void post_review(struct http_exchange *x)
{
    struct id registration;
    struct review_wish wish = {0};
    if (!http_path_id(x, "registration", &registration) || !read_wish(x, &wish))
        return;
    struct review_outcome outcome;
    enum err err = review_decide(x->db, &x->who, &registration, &wish, x->app->base_url,
                                 clock_now_us(x->clock), &outcome);
    if (err != ERR_OK) {
        http_problem_err(x, err);
    } else if (outcome.changed) {
        http_problem_reason(x, 409, "review.changed",
                            "Somebody decided meanwhile, or the person changed their request.",
                            outcome.by);
    } else if (registration_not_refused(x, outcome.refusal)) {
        registration_changed(x, &outcome.touched, false);
        registration_wake_mail(x);
        http_reply_json(x, 200, outcome.result);
    }
}
