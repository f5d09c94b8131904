/* The way to the provider and back: see server/README.md, "A provider vouches". */
#include "features/oidc/oidc_routes.h"
#include "base/app.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/log.h"
#include "features/oidc/oidc_http.h"
#include "features/oidc/oidc_provider.h"
#include "features/oidc/oidc_store.h"
#include "features/oidc/oidc_token.h"
#include "http/cookie.h"
#include <stdio.h>
#include <string.h>

#define BACK         "/api/provider/back"
#define ADDRESS_MAX  8192
#define ANSWERED_MAX 4096 /* characters of a code */

bool oidc_gate(struct http_exchange *x)
{
    if (x->app->oidc)
        return true;
    http_problem_err(x, ERR_NOT_FOUND);
    return false;
}

static const char *path_code(struct http_exchange *x)
{
    const char *code = http_path_text(x, "code");
    if (code && link_code_good(code))
        return code;
    http_problem_err(x, ERR_NOT_FOUND);
    return NULL;
}

/* --- there --- */

static void redirect_uri(const struct app *app, char out[static OIDC_URL_MAX])
{
    snprintf(out, OIDC_URL_MAX, "%s%s", app->base_url, BACK);
}

/* Takes nothing. False: it does not fit. */
static bool write_address(struct buf *b, const struct app *app, const struct oidc_metadata *m,
                          const struct oidc_trip *t, const char *code)
{
    const struct oidc_settings *s = oidc_settings(app->oidc);
    char back[OIDC_URL_MAX], state[TOKEN_TEXT_SIZE + LINK_CODE_LENGTH + 2];
    struct buf query;
    redirect_uri(app, back);
    snprintf(state, sizeof state, "%s.%s", t->state, code);
    buf_init(&query, ADDRESS_MAX);
    oidc_form_add(&query, "response_type", "code");
    oidc_form_add(&query, "client_id", s->config->oidc_client_id);
    oidc_form_add(&query, "redirect_uri", back);
    oidc_form_add(&query, "scope", s->scopes);
    oidc_form_add(&query, "state", state);
    oidc_form_add(&query, "nonce", t->nonce);
    oidc_form_add(&query, "code_challenge", t->challenge);
    oidc_form_add(&query, "code_challenge_method", "S256");
    if (s->acr_values[0])
        oidc_form_add(&query, "acr_values", s->acr_values);
    buf_adds(b, m->authorization);
    buf_adds(b, strchr(m->authorization, '?') ? "&" : "?");
    buf_adds(b, query.data);
    bool fits = !buf_failed(&query) && !buf_failed(b);
    buf_release(&query);
    return fits;
}

static void reply_address(struct http_exchange *x, const struct oidc_metadata *m,
                          const struct oidc_trip *t, const char *code)
{
    struct buf address;
    buf_init(&address, ADDRESS_MAX);
    if (write_address(&address, x->app, m, t, code)) {
        http_set_lax_cookie(x, HTTP_COOKIE_PROVIDER, t->token, (int)(OIDC_ASK_LIFE_US / US_PER_S));
        http_reply_json(x, 200, json_pack("{s:s}", "url", address.data));
    } else {
        http_problem_err(x, ERR_INTERNAL);
    }
    buf_release(&address);
}

void post_provider(struct http_exchange *x)
{
    struct oidc_metadata m;
    struct oidc_trip t;
    const char *code = path_code(x);
    if (!code)
        return;
    enum err err = oidc_metadata(x->app->oidc, clock_mono_us(x->clock), &m);
    if (err == ERR_BUSY || err == ERR_INVALID) {
        http_problem(x, 503, "provider.away", "The provider does not answer; use the form.");
        return;
    }
    oidc_trip_new(&t);
    if (err == ERR_OK)
        err = oidc_ask(x->db, code, &t, clock_now_us(x->clock));
    if (err == ERR_OK)
        reply_address(x, &m, &t, code);
    else
        http_problem_err(x, err);
}

/* --- back --- */

/* Words of the page: see web/src/features/registration/provider.ts. */
static void go_back(struct http_exchange *x, const char *code, const char *word)
{
    char to[64];
    snprintf(to, sizeof to, "/r/%s#provider=%s", code, word);
    http_reply_go(x, to);
}

/* For the log; the page says less. */
static const char *failed(const char *why)
{
    log_warn("oidc.refused", "{s:s}", "why", why);
    return "failed";
}

static const char *failed_call(enum err err, const char *what)
{
    log_warn("oidc.refused", "{s:s,s:b}", "why", what, "away", err == ERR_BUSY);
    return err == ERR_BUSY ? "away" : "failed";
}

static enum err ask_tokens(struct http_exchange *x, const struct oidc_metadata *m,
                           const struct oidc_trip *t, const char *answered, json_t **out)
{
    const struct oidc_settings *s = oidc_settings(x->app->oidc);
    char back[OIDC_URL_MAX];
    struct buf form;
    redirect_uri(x->app, back);
    buf_init(&form, 2 * ADDRESS_MAX);
    oidc_form_add(&form, "grant_type", "authorization_code");
    oidc_form_add(&form, "code", answered);
    oidc_form_add(&form, "redirect_uri", back);
    oidc_form_add(&form, "code_verifier", t->verifier);
    if (m->secret_in_body) {
        oidc_form_add(&form, "client_id", s->config->oidc_client_id);
        oidc_form_add(&form, "client_secret", s->secret);
    }
    enum err err = buf_failed(&form)
                       ? ERR_INVALID
                       : oidc_call(&(struct oidc_call){.settings = s,
                                                       .url = m->token,
                                                       .form = form.data,
                                                       .with_secret = !m->secret_in_body},
                                   out);
    if (form.data)
        explicit_bzero(form.data, form.len);
    buf_release(&form);
    return err;
}

/* NULL with *claims, or a word for the page. Once more with newer keys, where they may help. */
static const char *check_token(struct http_exchange *x, const struct oidc_metadata *m,
                               const struct oidc_trip *t, const char *id_token, json_t **claims)
{
    const struct oidc_settings *s = oidc_settings(x->app->oidc);
    const struct id_token_wanted wanted = {.issuer = s->config->oidc_issuer,
                                           .client_id = s->config->oidc_client_id,
                                           .nonce = t->nonce,
                                           .acr_values = s->acr_values,
                                           .now = clock_now_us(x->clock)};
    enum jws_verdict verdict = JWS_NO_KEY;
    const char *fault = NULL;
    for (int tries = 0; tries < 2 && verdict == JWS_NO_KEY; tries++) {
        json_t *keys = NULL;
        enum err err = oidc_keys(x->app->oidc, m, clock_mono_us(x->clock), tries > 0, &keys);
        if (err != ERR_OK)
            return failed_call(err, "keys");
        verdict = id_token_check(id_token, keys, &wanted, claims, &fault);
        json_decref(keys);
    }
    return fault ? failed(fault) : NULL;
}

/* NULL with *userinfo, which may be NULL, or a word for the page. */
static const char *ask_userinfo(struct http_exchange *x, const struct oidc_metadata *m,
                                const char *access_token, const json_t *id_claims,
                                json_t **userinfo)
{
    const struct oidc_settings *s = oidc_settings(x->app->oidc);
    if (!s->config->oidc_userinfo)
        return NULL;
    enum err err = oidc_call(
        &(struct oidc_call){.settings = s, .url = m->userinfo, .bearer = access_token}, userinfo);
    if (err != ERR_OK)
        return failed_call(err, "userinfo");
    bool same = strcmp(json_text_of(*userinfo, "sub"), json_text_of(id_claims, "sub")) == 0;
    return same ? NULL : failed("userinfo is somebody else's");
}

/* NULL with *claims, or a word for the page. */
static const char *learn(struct http_exchange *x, const struct oidc_metadata *m,
                         const struct oidc_trip *t, const char *answered, json_t **claims)
{
    const char *id_token = "", *access_token = "", *word = NULL;
    json_t *tokens = NULL, *id_claims = NULL, *userinfo = NULL;
    enum err err = ask_tokens(x, m, t, answered, &tokens);
    if (err != ERR_OK)
        word = failed_call(err, "token");
    else if (!oidc_tokens_read(tokens, &id_token, &access_token))
        word = failed("token response");
    if (!word)
        word = check_token(x, m, t, id_token, &id_claims);
    if (!word)
        word = ask_userinfo(x, m, access_token, id_claims, &userinfo);
    if (!word)
        *claims = oidc_claims_read(oidc_settings(x->app->oidc), userinfo, id_claims);
    json_decref(tokens);
    json_decref(id_claims);
    json_decref(userinfo);
    return word;
}

/* NULL: there is a code to be exchanged. That it is this provider who answers is said where it can
 * be (RFC 9207): else a code of another one might be ours to exchange. */
static const char *answer_fault(struct http_exchange *x, const struct oidc_metadata *m)
{
    const char *issuer = http_query(x, "iss"), *error = http_query(x, "error");
    const char *answered = http_query(x, "code");
    const char *ours = oidc_settings(x->app->oidc)->config->oidc_issuer;
    if ((m->says_issuer && !issuer) || (issuer && strcmp(issuer, ours) != 0))
        return failed("another issuer answers");
    if (error && strcmp(error, "access_denied") == 0)
        return "refused";
    if (error)
        return failed("an error was answered");
    return answered && *answered && strlen(answered) <= ANSWERED_MAX ? NULL : failed("no code");
}

/* A word for the page. */
static const char *take_back(struct http_exchange *x, const struct oidc_trip *t,
                             const struct id *sign_in)
{
    struct oidc_metadata m;
    uint8_t hash[TOKEN_HASH_SIZE];
    char token[TOKEN_TEXT_SIZE];
    json_t *claims = NULL;
    enum err err = oidc_metadata(x->app->oidc, clock_mono_us(x->clock), &m);
    if (err != ERR_OK)
        return failed_call(err, "metadata");
    const char *word = answer_fault(x, &m);
    if (!word)
        word = learn(x, &m, t, http_query(x, "code"), &claims);
    if (word)
        return word;
    token_new(token, hash);
    err = oidc_keep(x->db, sign_in, hash, claims, clock_now_us(x->clock));
    json_decref(claims);
    if (err != ERR_OK)
        return failed_call(err, "database");
    http_set_lax_cookie(x, HTTP_COOKIE_PROVIDER, token, (int)(OIDC_CLAIMS_LIFE_US / US_PER_S));
    return "good";
}

/* The page's code in "state.code". NULL: it is none of ours. */
static const char *read_state(const char *state, char out[static TOKEN_TEXT_SIZE])
{
    size_t len = state ? strcspn(state, ".") : 0;
    const char *code = len == TOKEN_TEXT_SIZE - 1 && state[len] ? state + len + 1 : "";
    if (!link_code_good(code))
        return NULL;
    snprintf(out, TOKEN_TEXT_SIZE, "%.*s", (int)len, state);
    return code;
}

void get_provider_back(struct http_exchange *x)
{
    char state[TOKEN_TEXT_SIZE], cookie[TOKEN_TEXT_SIZE];
    struct oidc_trip t;
    struct id sign_in;
    const char *code = read_state(http_query(x, "state"), state);
    if (!code) {
        http_problem_err(x, ERR_NOT_FOUND);
        return;
    }
    bool ours = http_cookie(x, HTTP_COOKIE_PROVIDER, cookie, sizeof cookie) == ERR_OK &&
                oidc_trip_of(&t, cookie) && strcmp(t.state, state) == 0;
    enum err err =
        ours ? oidc_spend(x->db, code, &t, clock_now_us(x->clock), &sign_in) : ERR_NOT_FOUND;
    if (err == ERR_OK)
        go_back(x, code, take_back(x, &t, &sign_in));
    else
        go_back(x, code, err == ERR_NOT_FOUND ? "expired" : failed_call(err, "database"));
}

/* --- what the form shows --- */

void get_provider(struct http_exchange *x)
{
    char cookie[TOKEN_TEXT_SIZE];
    uint8_t hash[TOKEN_HASH_SIZE];
    json_t *shown = NULL;
    const char *code = path_code(x);
    if (!code)
        return;
    bool held = http_cookie(x, HTTP_COOKIE_PROVIDER, cookie, sizeof cookie) == ERR_OK &&
                token_hash(cookie, hash);
    enum err err =
        held ? oidc_shown(x->db, code, hash, clock_now_us(x->clock), &shown) : ERR_NOT_FOUND;
    if (err == ERR_OK)
        http_reply_json(x, 200, shown);
    else
        http_problem_err(x, err);
}
