#include "features/oidc/oidc.h"
#include "base/address.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/person_name.h"
#include "base/rpps.h"
#include "base/url.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECRET_MAX      1000
#define NAME_CHARS_MAX  100
#define CODE_MAX        20
#define TOKEN_CHARS_MAX 32768
#define PATH_DEPTH_MAX  8

struct preset {
    const char *name, *scopes, *acr_values;
    const char *claims[OIDC_CLAIMS];
};

/* "" is what every provider has that keeps to the standard. */
static const struct preset presets[] = {
    {.name = "",
     .scopes = "openid profile email",
     .acr_values = "",
     .claims = {"given_name", "family_name", "email", "", "", ""}},
    {.name = "pro_sante_connect",
     .scopes = "openid scope_all",
     .acr_values = "eidas1",
     .claims = {"given_name", "family_name", "email", "SubjectNameID",
                "SubjectRefPro.exercices.0.codeProfession",
                "SubjectRefPro.exercices.0.codeSavoirFaire"}},
};

/* As oidc_claims names them, and the form. */
static const char *const claim_names[OIDC_CLAIMS] = {"given_name", "family_name", "email",
                                                     "rpps",       "profession",  "specialty"};
static const char *const form_names[OIDC_CLAIMS] = {"first_name", "last_name",  "email",
                                                    "rpps",       "profession", "specialty"};

/* --- what is configured --- */

bool oidc_is_on(const struct config *config)
{
    return config && config->oidc_issuer[0];
}

static const struct preset *preset_find(const char *name)
{
    for (size_t i = 0; i < sizeof presets / sizeof *presets; i++)
        if (strcmp(presets[i].name, name) == 0)
            return &presets[i];
    return NULL;
}

bool oidc_url_good(const char *url, bool local)
{
    bool tls = strncmp(url, "https://", 8) == 0;
    if (!tls && strncmp(url, "http://", 7) != 0)
        return false;
    const char *host = url + (tls ? 8 : 7);
    size_t authority = strcspn(host, "/?#");
    for (const char *at = url; *at; at++)
        if (*at <= ' ' || *at == '#' || *at == '\\' || *at >= 0x7f)
            return false;
    return strlen(url) < OIDC_URL_MAX && strcspn(host, ":/?#") > 0 &&
           !memchr(host, '@', authority) && (tls || (local && url_host_is_here(host)));
}

/* Half a configuration; NULL: whole, or none. */
static const char *half(const struct config *c)
{
    if (c->oidc_issuer[0])
        return !c->oidc_client_id[0]            ? "oidc_issuer is set and oidc_client_id is not"
               : !c->oidc_client_secret_file[0] ? "oidc_issuer is set and oidc_client_secret_file "
                                                  "is not"
                                                : NULL;
    return c->oidc_client_id[0]            ? "oidc_client_id is set and oidc_issuer is not"
           : c->oidc_client_secret_file[0] ? "oidc_client_secret_file is set and oidc_issuer is not"
           : c->oidc_preset[0]             ? "oidc_preset is set and oidc_issuer is not"
                                           : NULL;
}

bool oidc_has_word(const char *list, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = list; *at; at += strcspn(at, " ")) {
        at += strspn(at, " ");
        if (strcspn(at, " ") == len && strncmp(at, word, len) == 0)
            return true;
    }
    return false;
}

/* One "given_name=path" of oidc_claims. */
static bool read_mapping(struct oidc_settings *s, const char *at, size_t len)
{
    for (int i = 0; i < OIDC_CLAIMS; i++) {
        size_t name = strlen(claim_names[i]);
        if (len <= name || strncmp(at, claim_names[i], name) != 0 || at[name] != '=')
            continue;
        if (len - name - 1 >= OIDC_PATH_SIZE)
            return false;
        snprintf(s->claims[i], OIDC_PATH_SIZE, "%.*s", (int)(len - name - 1), at + name + 1);
        return true;
    }
    return false;
}

static bool read_mappings(struct oidc_settings *s, const char *list)
{
    for (const char *at = list; *at;) {
        at += strspn(at, ", ");
        size_t len = strcspn(at, ", ");
        if (len && !read_mapping(s, at, len))
            return false;
        at += len;
    }
    return true;
}

/* Without the line's end. NULL: *why says it. */
static char *read_secret(const char *path, const char **fault)
{
    struct buf b;
    buf_init(&b, SECRET_MAX);
    bool read = buf_add_file(&b, path);
    size_t len = read && b.data ? strcspn(b.data, "\r\n") : 0;
    *fault = !read && errno ? strerror(errno) : len == 0 ? "there is no secret in it" : NULL;
    char *secret = *fault ? NULL : mem_strdup(b.data);
    if (secret)
        secret[len] = '\0';
    if (b.data)
        explicit_bzero(b.data, b.len);
    buf_release(&b);
    return secret;
}

static const char *choose(const struct config *c, struct oidc_settings *s)
{
    const struct preset *preset = preset_find(c->oidc_preset);
    if (!preset)
        return "oidc_preset is pro_sante_connect, or empty";
    s->scopes = c->oidc_scopes[0] ? c->oidc_scopes : preset->scopes;
    s->acr_values = c->oidc_acr_values[0] ? c->oidc_acr_values : preset->acr_values;
    for (int i = 0; i < OIDC_CLAIMS; i++)
        snprintf(s->claims[i], OIDC_PATH_SIZE, "%s", preset->claims[i]);
    if (!oidc_url_good(c->oidc_issuer, true) || strchr(c->oidc_issuer, '?'))
        return "oidc_issuer begins with https://";
    if (!oidc_has_word(s->scopes, "openid"))
        return "oidc_scopes has openid among them";
    if (!read_mappings(s, c->oidc_claims))
        return "oidc_claims is given_name=…,family_name=…,email=…,rpps=…,profession=…,specialty=…";
    s->local = strncmp(c->oidc_issuer, "http://", 7) == 0;
    return NULL;
}

bool oidc_settings_read(const struct config *config, struct oidc_settings *s, char *why,
                        size_t why_size)
{
    *s = (struct oidc_settings){.config = config};
    const char *fault = config ? half(config) : NULL;
    if (!fault && !oidc_is_on(config))
        return true;
    if (!fault)
        fault = choose(config, s);
    if (fault) {
        snprintf(why, why_size, "configuration: %s", fault);
        return false;
    }
    s->secret = read_secret(config->oidc_client_secret_file, &fault);
    if (!s->secret)
        snprintf(why, why_size, "configuration: oidc_client_secret_file %.200s: %s",
                 config->oidc_client_secret_file, fault);
    return s->secret != NULL;
}

void oidc_settings_release(struct oidc_settings *s)
{
    if (s->secret)
        explicit_bzero(s->secret, strlen(s->secret));
    free(s->secret);
    *s = (struct oidc_settings){0};
}

bool oidc_settings_good(const struct config *config, char *why, size_t why_size)
{
    struct oidc_settings s;
    bool good = oidc_settings_read(config, &s, why, why_size);
    oidc_settings_release(&s);
    return good;
}

/* --- metadata --- */

static bool read_url(const json_t *said, const char *name, bool local,
                     char out[static OIDC_URL_MAX])
{
    const char *url = json_text_of(said, name);
    bool good = oidc_url_good(url, local);
    snprintf(out, OIDC_URL_MAX, "%s", good ? url : "");
    return good;
}

static bool lists(const json_t *said, const char *name, const char *word)
{
    const json_t *item;
    size_t i;
    json_array_foreach(json_object_get(said, name), i, item)
    {
        const char *text = json_string_value(item);
        if (text && strcmp(text, word) == 0)
            return true;
    }
    return false;
}

const char *oidc_metadata_read(const json_t *said, const struct oidc_settings *s,
                               struct oidc_metadata *out)
{
    static const char methods[] = "token_endpoint_auth_methods_supported";
    *out = (struct oidc_metadata){0};
    if (strcmp(json_text_of(said, "issuer"), s->config->oidc_issuer) != 0)
        return "issuer";
    if (!read_url(said, "authorization_endpoint", s->local, out->authorization))
        return "authorization_endpoint";
    if (!read_url(said, "token_endpoint", s->local, out->token))
        return "token_endpoint";
    if (!read_url(said, "jwks_uri", s->local, out->keys))
        return "jwks_uri";
    if (!read_url(said, "userinfo_endpoint", s->local, out->userinfo) && s->config->oidc_userinfo)
        return "userinfo_endpoint";
    out->says_issuer =
        json_is_true(json_object_get(said, "authorization_response_iss_parameter_supported"));
    out->secret_in_body =
        lists(said, methods, "client_secret_post") && !lists(said, methods, "client_secret_basic");
    return NULL;
}

/* --- tokens --- */

/* Of characters that travel in a header. */
static bool token_good(const char *text)
{
    size_t len = strlen(text);
    for (size_t i = 0; i < len; i++)
        if (text[i] <= ' ' || text[i] >= 0x7f)
            return false;
    return len > 0 && len <= TOKEN_CHARS_MAX;
}

bool oidc_tokens_read(const json_t *said, const char **id_token, const char **access_token)
{
    *id_token = json_text_of(said, "id_token");
    *access_token = json_text_of(said, "access_token");
    return strcasecmp(json_text_of(said, "token_type"), "Bearer") == 0 && token_good(*id_token) &&
           token_good(*access_token);
}

/* --- claims --- */

/* What stands at "a.0.b"; NULL: nothing. */
static const json_t *find(const json_t *value, const char *path)
{
    char name[OIDC_PATH_SIZE];
    for (int depth = 0; value && *path && depth < PATH_DEPTH_MAX; depth++) {
        size_t len = strcspn(path, ".");
        snprintf(name, sizeof name, "%.*s", (int)len, path);
        if (json_is_array(value)) {
            bool number = len > 0 && len < 4 && name[strspn(name, "0123456789")] == '\0';
            value = number ? json_array_get(value, strtoul(name, NULL, 10)) : NULL;
        } else {
            value = json_object_get(value, name);
        }
        path += len + (path[len] == '.');
    }
    return *path ? NULL : value;
}

static const char *claim(const struct oidc_settings *s, enum oidc_claim which,
                         const json_t *userinfo, const json_t *id_claims)
{
    if (!s->claims[which][0])
        return NULL;
    const json_t *value = find(userinfo, s->claims[which]);
    if (!json_is_string(value))
        value = find(id_claims, s->claims[which]);
    const char *text = json_string_value(value);
    return text && *text ? text : NULL;
}

static json_t *name_of(const char *said)
{
    const char *fault = NULL;
    char *name = said ? person_name(said, &fault) : NULL;
    json_t *kept = name && utf8_length(name) <= NAME_CHARS_MAX ? json_string(name) : json_null();
    free(name);
    return kept;
}

static json_t *email_of(const char *said)
{
    char kept[ADDRESS_SIZE];
    return said && address_normal(said, kept) && address_valid(kept) ? json_string(kept)
                                                                     : json_null();
}

static json_t *rpps_of(const char *said, bool check)
{
    char kept[RPPS_SIZE];
    if (!said || rpps_fault(rpps_parse(said, strlen(said), kept), check))
        return json_null();
    return json_string(kept);
}

static json_t *code_of(const char *said)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    bool good = said && strlen(said) <= CODE_MAX && !said[strspn(said, letters)];
    return good ? json_string(said) : json_null();
}

static json_t *value_of(const struct oidc_settings *s, enum oidc_claim which, const char *said)
{
    switch (which) {
    case OIDC_FIRST_NAME:
    case OIDC_LAST_NAME:
        return name_of(said);
    case OIDC_EMAIL:
        return email_of(said);
    case OIDC_RPPS:
        return rpps_of(said, s->config->rpps_check);
    default:
        return code_of(said);
    }
}

json_t *oidc_claims_read(const struct oidc_settings *s, const json_t *userinfo,
                         const json_t *id_claims)
{
    json_t *out =
        json_pack("{s:s,s:s}", "source", s->config->oidc_issuer, "provider", s->config->oidc_name);
    for (int i = 0; i < OIDC_CLAIMS; i++) {
        enum oidc_claim which = (enum oidc_claim)i;
        const char *said = claim(s, which, userinfo, id_claims);
        json_object_set_new(out, form_names[i], value_of(s, which, said));
    }
    return out;
}
