/* The colour and the logo of an organisation's own pages. */
#include "base/payload.h"
#include "db/query.h"
#include "features/accounts/branding.h"
#include "room/change.h"
#include <string.h>

const char *logo_type(const void *bytes, size_t len)
{
    const char *at = bytes;
    if (len >= 8 && memcmp(at, "\x89PNG\r\n\x1a\n", 8) == 0)
        return "image/png";
    if (len >= 3 && memcmp(at, "\xff\xd8\xff", 3) == 0)
        return "image/jpeg";
    if (len >= 12 && memcmp(at, "RIFF", 4) == 0 && memcmp(at + 8, "WEBP", 4) == 0)
        return "image/webp";
    return NULL;
}

enum err branding_get(struct db_conn *c, const struct identity *who, json_t **out)
{
    return db_read_json(c, out, "SELECT branding_json($1)", "u", &who->organisation);
}

static enum err audited(struct db_conn *c, const struct identity *who, int64_t now, enum err err)
{
    if (err == ERR_OK)
        err = audit_write(c, who, now, "organisation.branding", "organisation", &who->organisation,
                          NULL);
    return db_end(c, err);
}

enum err branding_set_accent(struct db_conn *c, const struct identity *who, const char *accent,
                             int64_t now)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = db_exec(c,
                      "INSERT INTO organisation_branding (organisation_id, accent) VALUES ($1, $2)"
                      " ON CONFLICT (organisation_id) DO UPDATE SET accent = excluded.accent",
                      "us", &who->organisation, accent);
    return audited(c, who, now, err);
}

enum err branding_set_logo(struct db_conn *c, const struct identity *who, const void *bytes,
                           size_t len, int64_t now)
{
    struct id id = id_random();
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err =
            db_exec(c,
                    "INSERT INTO organisation_branding (organisation_id, logo_id, logo_type, logo)"
                    " VALUES ($1, $2, $3, $4) ON CONFLICT (organisation_id) DO UPDATE"
                    " SET logo_id = excluded.logo_id, logo_type = excluded.logo_type,"
                    "     logo = excluded.logo",
                    "uusx", &who->organisation, &id, logo_type(bytes, len), bytes, len);
    return audited(c, who, now, err);
}

enum err branding_remove_logo(struct db_conn *c, const struct identity *who, int64_t now)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = db_exec(c,
                      "UPDATE organisation_branding SET logo_id = NULL, logo_type = NULL,"
                      "       logo = NULL WHERE organisation_id = $1",
                      "u", &who->organisation);
    return audited(c, who, now, err);
}

enum err logo_get(struct db_conn *c, const struct id *logo, struct payload **bytes,
                  const char **type)
{
    struct db_result *r =
        db_query(c, "SELECT logo FROM organisation_branding WHERE logo_id = $1", "u", logo);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        struct payload *p = payload_new(LOGO_MAX);
        size_t len = db_bytes(r, 0, 0, p->bytes, LOGO_MAX);
        *bytes = payload_copy(p->bytes, len);
        *type = logo_type(p->bytes, len);
        payload_unref(p);
    }
    db_result_free(r);
    return err;
}
