#include "base/config.h"

#include "base/log.h"
#include <errno.h>
#include <ini.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { TEXT, NUMBER, FLAG, LEVEL };

struct setting {
    const char *name, *fallback, *meaning;
    enum kind kind;
    size_t offset;
    long min, max;
};

#define S(field, fallback, meaning)                                                                \
    {                                                                                              \
#field, fallback, meaning, TEXT, offsetof(struct config, field), 0, 0                      \
    }
#define N(field, fallback, min, max, meaning)                                                      \
    {                                                                                              \
#field, fallback, meaning, NUMBER, offsetof(struct config, field), min, max                \
    }

static const struct setting settings[] = {
    S(address, "127.0.0.1", "address to listen on; 0.0.0.0 for all"),
    N(port, "8443", 0, 65535, "port to listen on; 0 takes a free one"),
    N(metrics_port, "9443", -1, 65535, "port of /metrics on 127.0.0.1; -1 for none"),
    S(base_url, "", "what links in mails start with; default https://localhost:<port>"),
    S(certificate, "certs/server.pem", "certificate chain, PEM"),
    S(key, "certs/server.key.pem", "its private key, PEM"),
    {"tls", "true", "false only for measuring, or behind a TLS proxy on this machine", FLAG,
     offsetof(struct config, tls), 0, 0},
    S(trusted_proxies, "", "addresses that may send PROXY protocol v2, comma-separated"),
    N(loops, "0", 0, 64, "event loops; 0: one per processor that may be used"),
    N(max_connections, "0", 0, 1000000, "0: from the limit of open files"),
    N(drain_spread_ms, "0", 0, 60000,
      "after SIGTERM members are sent to other servers over so long; 0: there are none"),
    N(drain_ms, "15000", 0, 600000, "longest wait for clients and writes after SIGTERM"),
    N(end_alone_minutes, "10", 0, 1440,
      "a live session that nobody is in ends by itself after so long; 0: never"),
    N(ping_ms, "15000", 100, 20000, "period of websocket pings"),
    N(idle_ms, "10000", 100, 60000,
      "longest wait for a request, and for a body before its rate counts"),
    N(stall_ms, "30000", 100, 600000,
      "a download slower than 16 KB/s, or a page than 1 KB/s, for so long is cut"),
    N(slow_ms, "10000", 100, 60000, "what waits longer to be sent to a live client closes it"),
    S(database_url, "", "PostgreSQL 14 or later; empty: a private cluster below data"),
    S(database_owner_url, "", "the same as the role that owns the tables; for migrations only"),
    S(data, "var", "folder of everything the server writes"),
    S(secret_key_file, "", "file of the key that all servers share; empty: secret.key in data"),
    S(node_name, "main", "name of this server in the leases; one per running server"),
    S(blobs, "",
      "decks and films: a folder that servers share, or s3://bucket/prefix; empty: in data"),
    S(s3_endpoint, "", "https://host of an S3-compatible store; empty: Amazon's of the region"),
    S(s3_region, "us-east-1", "its region"),
    S(s3_access_key, "", "access key there"),
    S(s3_secret_key, "", "its secret"),
    S(s3_ca, "", "PEM file of who may vouch for it; empty: the machine's authorities"),
    N(blob_cache_mb, "4096", 64, 10000000, "how much of an S3 store is kept in data, for reading"),
    N(workers_hot, "2", 1, 32, "database connections for live sessions"),
    N(workers_short, "8", 1, 64, "database connections for requests"),
    N(workers_long, "2", 1, 8, "exports at once; one organisation has all but one at most"),
    N(busy_after_ms, "5000", 100, 60000, "how long work waits for the database before server.busy"),
    S(nats_url, "", "nats://host:4222, tls://…, several with commas; empty: one server alone"),
    S(nats_ca, "",
      "PEM file of who may vouch for tls:// servers; empty: the machine's authorities"),
    N(lease_ms, "750", 50, 2000, "how often the lease that ends spans after a crash is written"),
    S(mail_from, "amphi <amphi@localhost>",
      "address that mails come from; the organisation is named beside it"),
    S(smtp_url, "", "smtp://host:587 or smtps://host; empty: mails are files in data/mail"),
    S(smtp_user, "", "user name at the SMTP server"),
    S(smtp_password, "", "its password"),
    S(smtp_ca, "", "PEM file of who may vouch for it; empty: the machine's authorities"),
    S(oidc_issuer, "",
      "https://… of an OpenID Connect provider that vouches for who registers; empty: none"),
    S(oidc_client_id, "", "as whom it knows this server"),
    S(oidc_client_secret_file, "", "file with the secret that goes with it"),
    S(oidc_preset, "", "pro_sante_connect: its scopes, acr_values and claims"),
    S(oidc_name, "", "what people call it; empty: by the preset, else the issuer's host"),
    S(oidc_scopes, "", "what is asked for; empty: by the preset, else openid profile email"),
    S(oidc_acr_values, "", "how people must have signed in there; empty: by the preset"),
    S(oidc_claims, "",
      "given_name=…,family_name=…,email=…,rpps=…,profession=…,specialty=…; a.0.b inside"),
    {"oidc_userinfo", "true", "false: the ID token says everything", FLAG,
     offsetof(struct config, oidc_userinfo), 0, 0},
    S(oidc_ca, "", "PEM file of who may vouch for it; empty: the machine's authorities"),
    S(web, "web/dist", "folder of the built browser side"),
    S(migrations, "migrations", "folder of the migrations"),
    S(sample, "sample", "folder of the sample congress"),
    S(render_helper, "", "the render helper; default: amphi-render beside this program"),
    S(user, "postgres", "whom to become when started by root"),
    N(max_upload_mb, "200", 1, 2000, "largest PDF"),
    N(storage_mb, "20480", 0, 1000000000,
      "disk that one organisation's decks may take, unless amphi admin says else; 0: no bound"),
    N(disk_floor_mb, "1024", 0, 1000000,
      "nothing is uploaded or exported once the disk has less free; PostgreSQL needs it"),
    {"rpps_check", "true", "false only for tests: RPPS numbers with a wrong check digit are taken",
     FLAG, offsetof(struct config, rpps_check), 0, 0},
    {"slide_push", "true", "send slide images ahead over the websocket; false: browsers fetch them",
     FLAG, offsetof(struct config, slide_push), 0, 0},
    N(slide_spread_ms, "8000", 0, 60000,
      "over which time the next slide's image reaches everybody"),
    N(render_helpers, "2", 1, 8,
      "decks rendered at once; one organisation has all but one at most"),
    N(render_page_seconds, "20", 1, 600, "processor time one page may take to render"),
    N(render_memory_mb, "1024", 128, 16384, "memory the render helper may take"),
    {"log_level", "info", "debug, info, warn or error", LEVEL, offsetof(struct config, log_level),
     0, 0},
};
#define COUNT (sizeof settings / sizeof *settings)

static const char *const levels[] = {"debug", "info", "warn", "error"};

struct loading {
    struct config *config;
    char *why;
    size_t why_size;
};

static const struct setting *setting_find(const char *name)
{
    for (size_t i = 0; i < COUNT; i++)
        if (strcmp(settings[i].name, name) == 0)
            return &settings[i];
    return NULL;
}

static bool setting_number(const struct setting *s, const char *value, int *out)
{
    char *end;
    errno = 0;
    long n = strtol(value, &end, 10);
    if (errno || end == value || *end || n < s->min || n > s->max)
        return false;
    *out = (int)n;
    return true;
}

static bool setting_store(const struct setting *s, void *field, const char *value)
{
    switch (s->kind) {
    case TEXT:
        free(*(char **)field);
        *(char **)field = strdup(value);
        return true;
    case NUMBER:
        return setting_number(s, value, field);
    case FLAG:
        *(bool *)field = strcmp(value, "true") == 0;
        return *(bool *)field || strcmp(value, "false") == 0;
    case LEVEL:
        for (int i = LOG_DEBUG; i <= LOG_ERROR; i++)
            if (strcmp(levels[i], value) == 0) {
                *(int *)field = i;
                return true;
            }
        return false;
    }
    return false;
}

static bool setting_set(struct loading *l, const struct setting *s, const char *value)
{
    if (setting_store(s, (char *)l->config + s->offset, value))
        return true;
    if (s->kind == NUMBER)
        snprintf(l->why, l->why_size,
                 "configuration: %s must be a number from %ld to %ld, not '%s'", s->name, s->min,
                 s->max, value);
    else
        snprintf(l->why, l->why_size, "configuration: %s cannot be '%s' (%s)", s->name, value,
                 s->meaning);
    return false;
}

static int on_line(void *arg, const char *section, const char *name, const char *value)
{
    struct loading *l = arg;
    const struct setting *s = *section ? NULL : setting_find(name);
    if (!s) {
        snprintf(l->why, l->why_size, "configuration: unknown key '%s'", *section ? section : name);
        return 0;
    }
    return setting_set(l, s, value);
}

static bool read_file(struct loading *l, const char *path)
{
    int rc = ini_parse(path, on_line, l);
    if (rc == 0)
        return true;
    if (!l->why[0])
        snprintf(l->why, l->why_size,
                 rc < 0 ? "configuration: cannot read %s"
                        : "configuration: %s: line %d is malformed",
                 path, rc);
    return false;
}

extern char **environ;

/* AMPHI_PORT=… sets port; an AMPHI_ name that is no setting is a mistake worth stopping for. */
static bool read_environment(struct loading *l)
{
    for (char **e = environ; *e; e++) {
        if (strncmp(*e, "AMPHI_", 6) != 0 || strncmp(*e, "AMPHI_TEST_", 11) == 0)
            continue;
        char name[64];
        size_t len = strcspn(*e + 6, "=");
        if (len >= sizeof name)
            len = sizeof name - 1;
        for (size_t i = 0; i < len; i++) {
            char c = (*e)[6 + i];
            name[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
        }
        name[len] = '\0';
        const struct setting *s = setting_find(name);
        if (!s) {
            snprintf(l->why, l->why_size, "configuration: unknown key '%s' in the environment",
                     name);
            return false;
        }
        if (!setting_set(l, s, *e + 6 + len + 1))
            return false;
    }
    const char *url = getenv("DATABASE_URL"); /* the name everybody knows */
    if (url && *url)
        return setting_set(l, setting_find("database_url"), url);
    return true;
}

static void fill_base_url(struct config *c)
{
    if (c->base_url[0])
        return;
    free(c->base_url);
    if (asprintf(&c->base_url, "%s://localhost:%d", c->tls ? "https" : "http", c->port) < 0)
        abort();
}

static void fill_oidc_name(struct config *c)
{
    const char *host = strstr(c->oidc_issuer, "://");
    if (c->oidc_name[0] || !host)
        return;
    free(c->oidc_name);
    c->oidc_name = strcmp(c->oidc_preset, "pro_sante_connect") == 0
                       ? strdup("Pro Santé Connect")
                       : strndup(host + 3, strcspn(host + 3, "/:"));
}

bool config_load(struct config *c, const char *path, char *why, size_t why_size)
{
    struct loading l = {c, why, why_size};
    memset(c, 0, sizeof *c);
    why[0] = '\0';
    for (size_t i = 0; i < COUNT; i++)
        if (!setting_set(&l, &settings[i], settings[i].fallback))
            return false;
    if ((path && !read_file(&l, path)) || !read_environment(&l))
        return false;
    if (c->database_owner_url[0] && !c->database_url[0]) {
        snprintf(why, why_size, "configuration: database_owner_url is set and database_url is not");
        return false;
    }
    if (c->port)
        fill_base_url(c);
    fill_oidc_name(c);
    return true;
}

void config_release(struct config *c)
{
    for (size_t i = 0; i < COUNT; i++)
        if (settings[i].kind == TEXT)
            free(*(char **)((char *)c + settings[i].offset));
    memset(c, 0, sizeof *c);
}

void config_describe(int fd)
{
    for (size_t i = 0; i < COUNT; i++)
        dprintf(fd, "  %-20s %-26s %s\n", settings[i].name,
                settings[i].fallback[0] ? settings[i].fallback : "(empty)", settings[i].meaning);
}
