#include "features/accounts/accounts_guard.h"
#include "base/app.h"
#include "base/json.h"
#include "base/mem.h"
#include "crypto/base64url.h"
#include "crypto/secrets.h"
#include <stdio.h>
#include <string.h>

#define DEVICE_COOKIE "__Host-amphi-device"
#define DEVICE_KEPT_S (400 * 24 * 3600) /* longer than that no browser keeps a cookie */
#define NONCE_SIZE    sizeof(struct id)

struct budget {
    struct rate own, shared;
};
static const struct budget budgets[] = {
    [GUARD_PASSWORD] = {.own = {10, 1}, .shared = {40, 1}},
    [GUARD_LINK] = {.own = {5, 1}, .shared = {20, 1}},
};

struct device {
    uint8_t nonce[NONCE_SIZE], mac[MAC_SIZE];
};

/* What is signed: the nonce and the address, so that the cookie names nobody. */
static size_t signed_text(const uint8_t nonce[static NONCE_SIZE], const char *email,
                          uint8_t out[static NONCE_SIZE + ADDRESS_SIZE])
{
    size_t len = strnlen(email, ADDRESS_SIZE);
    memcpy(out, nonce, NONCE_SIZE);
    memcpy(out + NONCE_SIZE, email, len);
    return NONCE_SIZE + len;
}

static bool read_device(struct http_exchange *x, const char *email, struct device *out)
{
    char text[128];
    uint8_t bytes[NONCE_SIZE + ADDRESS_SIZE];
    if (http_cookie(x, DEVICE_COOKIE, text, sizeof text) != ERR_OK ||
        !base64url_parse(text, strlen(text), out, sizeof *out))
        return false;
    size_t len = signed_text(out->nonce, email, bytes);
    return mac_good(x->app->secrets->devices, bytes, len, out->mac);
}

bool guard_knows_device(struct http_exchange *x, const char *email)
{
    struct device device;
    return read_device(x, email, &device);
}

bool guard_holder(struct http_exchange *x, struct id *out)
{
    char text[128], email[ADDRESS_SIZE];
    struct device device;
    json_t *body = NULL;
    if (http_cookie(x, DEVICE_COOKIE, text, sizeof text) == ERR_OK)
        body = http_body_peek(x);
    if (!body)
        return false;
    struct json_reader r = json_reader(body);
    read_address(&r, "email", email);
    if (r.reason || !read_device(x, email, &device))
        return false;
    memcpy(out->bytes, device.nonce, sizeof out->bytes);
    return true;
}

void guard_know_device(struct http_exchange *x, const char *email)
{
    struct device device;
    char text[BASE64URL_SIZE(sizeof device)];
    uint8_t bytes[NONCE_SIZE + ADDRESS_SIZE];
    if (read_device(x, email, &device))
        return;
    struct id nonce = id_random();
    memcpy(device.nonce, nonce.bytes, sizeof device.nonce);
    size_t len = signed_text(device.nonce, email, bytes);
    mac_sign(x->app->secrets->devices, bytes, len, device.mac);
    http_set_cookie(x, DEVICE_COOKIE, base64url(text, &device, sizeof device), DEVICE_KEPT_S);
}

struct guard guard_of(struct http_exchange *x, enum guarded what, const char *email)
{
    struct device device;
    struct guard g = {.what = what, .device = read_device(x, email, &device)};
    uint64_t kind = 3 * (uint64_t)what;
    uint64_t at_address = rate_key(x->app->sign_in_rates, kind, email, strlen(email));
    if (g.device) {
        g.own = rate_key(x->app->sign_in_rates, kind + 1, device.nonce, sizeof device.nonce);
    } else {
        g.own = rate_key_network(x->app->sign_in_rates, at_address, x->address);
        g.shared = rate_key(x->app->sign_in_rates, kind + 2, email, strlen(email));
    }
    return g;
}

bool guard_allows(struct http_exchange *x, const struct guard *g)
{
    const struct budget *b = &budgets[g->what];
    int64_t now = clock_mono_us(x->clock);
    int retry_s = 1;
    if (rate_would_allow(x->app->sign_in_rates, g->own, &b->own, now, &retry_s) &&
        (g->device ||
         rate_would_allow(x->app->sign_in_rates, g->shared, &b->shared, now, &retry_s)))
        return true;
    http_problem_rate(x, retry_s);
    return false;
}

/* Whoever is refused by their own network's budget takes nothing from all networks'. */
bool guard_take(struct http_exchange *x, const struct guard *g)
{
    const struct budget *b = &budgets[g->what];
    int64_t now = clock_mono_us(x->clock);
    int retry_s = 1;
    bool own = rate_allow(x->app->sign_in_rates, g->own, &b->own, now, &retry_s);
    if (own &&
        (g->device || rate_allow(x->app->sign_in_rates, g->shared, &b->shared, now, &retry_s)))
        return true;
    if (own)
        rate_give_back(x->app->sign_in_rates, g->own, &b->own, now);
    http_problem_rate(x, retry_s);
    return false;
}

void guard_give_back(struct http_exchange *x, const struct guard *g)
{
    const struct budget *b = &budgets[g->what];
    int64_t now = clock_mono_us(x->clock);
    rate_give_back(x->app->sign_in_rates, g->own, &b->own, now);
    if (!g->device)
        rate_give_back(x->app->sign_in_rates, g->shared, &b->shared, now);
}
