/* Showing once more that it is you: see http_route.fresh. */
#include "base/app.h"
#include "base/json.h"
#include "features/accounts/accounts_guard.h"
#include "features/accounts/accounts_routes.h"
#include "features/accounts/accounts_store.h"
#include "features/accounts/proof_store.h"
#include "mail/mail.h"
#include <string.h>

#define SPARE_US (30 * US_PER_S) /* for what the page does upon hearing that it is fresh */

static void reply(struct http_exchange *x, enum err err)
{
    if (err == ERR_OK)
        http_reply_empty(x, 204);
    else
        http_problem_err(x, err);
}

void get_proof(struct http_exchange *x)
{
    json_t *ways = NULL;
    enum err err = proof_ways(x->db, &x->who, &ways);
    if (err == ERR_OK)
        http_reply_json(x, 200,
                        json_pack("{s:b,s:o}", "fresh",
                                  clock_now_us(x->clock) - x->proved_at <= HTTP_FRESH_US - SPARE_US,
                                  "ways", ways));
    else
        http_problem_err(x, err);
}

/* NULL after having replied. Borrowed from the body. */
static const char *read_password(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return NULL;
    struct json_reader r = json_reader(body);
    const char *password = json_read_string(&r, "password", 1, PASSWORD_MAX_BYTES);
    if (password && strlen(password) > PASSWORD_MAX_BYTES)
        json_reader_fault(&r, "password", "too long");
    if (json_reader_end(&r))
        return password;
    http_problem_field(x, r.field, r.reason);
    return NULL;
}

/* Counted as tries at a sign-in are. */
void post_proof_password(struct http_exchange *x)
{
    struct own_password own;
    const char *password = read_password(x);
    if (!password)
        return;
    enum err err = accounts_password(x->db, &x->who, clock_now_us(x->clock), &own);
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    struct guard guard = guard_of(x, GUARD_PASSWORD, own.email);
    if (!guard_take(x, &guard))
        return;
    const char *hash = own.hash;
    if (!hash[0] || password_match(&hash, 1, password) < 0) {
        http_problem_field(x, "password", "wrong");
        return;
    }
    guard_give_back(x, &guard);
    reply(x, proof_keep(x->db, &x->who, "password", clock_now_us(x->clock)));
}

void post_proof_code(struct http_exchange *x)
{
    struct deed deed = accounts_deed(x);
    struct code_try tried = {0};
    const char *code = read_code(x);
    if (!code)
        return;
    enum err err = proof_by_code(x->db, &deed, &x->who, code, &tried);
    if (code_is_right(x, err, &tried, "auth.code_over"))
        http_reply_empty(x, 204);
}

void post_proof_mail(struct http_exchange *x)
{
    enum err err = proof_mail(x->db, x->app->secrets, &x->who, clock_now_us(x->clock));
    if (err == ERR_CONFLICT) {
        http_problem(x, 409, "proof.other_ways",
                     "The account has a password or a second factor to show that it is you.");
        return;
    }
    accounts_wake_mail(x);
    if (err == ERR_OK)
        http_reply_json(x, 202, json_object());
    else
        http_problem_err(x, err);
}
