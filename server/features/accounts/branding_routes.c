#include "base/json.h"
#include "base/payload.h"
#include "features/accounts/branding.h"
#include <string.h>

#define LOGO_MAX_AGE (365 * 24 * 3600) /* s: another logo has another address */

void get_branding(struct http_exchange *x)
{
    json_t *body = NULL;
    enum err err = branding_get(x->db, &x->who, &body);
    if (err == ERR_OK)
        http_reply_json(x, 200, body);
    else
        http_problem_err(x, err);
}

static void reply(struct http_exchange *x, enum err err)
{
    if (err == ERR_OK)
        get_branding(x);
    else
        http_problem_err(x, err);
}

static bool is_colour(const char *text)
{
    return text[0] == '#' && strlen(text) == 7 && strspn(text + 1, "0123456789abcdef") == 6;
}

void patch_branding(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    const char *accent = json_read_optional_string(&r, "accent", 7);
    if (accent && !is_colour(accent))
        json_reader_fault(&r, "accent", "not a colour like #0b5d59");
    if (json_reader_end(&r))
        reply(x, branding_set_accent(x->db, &x->who, accent, clock_now_us(x->clock)));
    else
        http_problem_field(x, r.field, r.reason);
}

void post_logo(struct http_exchange *x)
{
    if (logo_type(x->body, x->body_len))
        reply(x, branding_set_logo(x->db, &x->who, x->body, x->body_len, clock_now_us(x->clock)));
    else
        http_problem(x, 415, "logo.type", "The logo is a PNG, JPEG or WebP picture.");
}

void delete_logo(struct http_exchange *x)
{
    reply(x, branding_remove_logo(x->db, &x->who, clock_now_us(x->clock)));
}

void get_logo(struct http_exchange *x)
{
    struct id logo;
    char etag[ID_TEXT_SIZE];
    struct payload *bytes = NULL;
    const char *type = NULL;
    if (!http_path_id(x, "logo", &logo))
        return;
    enum err err = logo_get(x->db, &logo, &bytes, &type);
    if (err == ERR_OK)
        http_reply_payload(x, bytes, type, id_text(&logo, etag), LOGO_MAX_AGE);
    else
        http_problem_err(x, err);
}
