/* What the tests of accounts share: calls of the sign-in routes. */
#ifndef AMPHI_TESTS_ACCOUNTS_CALLS_H
#define AMPHI_TESTS_ACCOUNTS_CALLS_H

#include "integration/rest.h"

static inline void open_rest(void)
{
    const struct http_route *tables[] = {accounts_feature.routes, NULL};
    rest_open(tables);
    rest_start_jobs(accounts_feature.jobs);
}

/* Asks for a link ("link", "password-link") and waits until the job for it has run. */
static inline void ask_link(const char *kind, const char *email)
{
    char path[64];
    snprintf(path, sizeof path, "/api/sign-in/%s", kind);
    ck_assert_int_eq(rest_status(NULL, "POST", path, json_pack("{s:s}", "email", email)), 202);
    rest_until("SELECT NOT EXISTS (SELECT 1 FROM link_request)", false);
}

static inline json_t *token_body(const char *to)
{
    const char *token = rest_mailed_token(to, "sign-in");
    ck_assert_msg(*token, "no link was mailed to %s", to);
    return json_pack("{s:s}", "token", token);
}

static inline json_t *credentials(const char *email, const char *password)
{
    return json_pack("{s:s,s:s}", "email", email, "password", password);
}

static inline int token_status(const char *text)
{
    return rest_status(NULL, "POST", "/api/sign-in/token", json_pack("{s:s}", "token", text));
}

#endif
