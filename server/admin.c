#include "admin.h"

#include "base/clock.h"
#include "crypto/crypto.h"
#include "db/cluster.h"
#include "features/accounts/accounts.h"
#include "sample/sample.h"
#include "start.h"
#include "storage/storage.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STORAGE_MOST_MB 1000000000

struct admin {
    const struct config *config;
    const struct admin_organisation *organisation;
    struct database database;
    char why[WHY_SIZE];
};

/* The private cluster of a running server is used as it runs; else it is started for the moment. */
static bool find_database(struct admin *a)
{
    return (a->config->database_url[0] || start_data(a->config, a->why)) &&
           start_database(a->config, true, NULL, &a->database, a->why);
}

static const char *base_url(const struct admin *a)
{
    return a->config->base_url[0] ? a->config->base_url : "https://localhost:8443";
}

static bool create_organisation(struct admin *a)
{
    const struct admin_organisation *o = a->organisation;
    char link[ACCOUNTS_LINK_SIZE];
    struct id organisation;
    struct clock clock;
    if (!o->name || !o->contact || !o->organiser || !o->organiser_name) {
        snprintf(a->why, sizeof a->why,
                 "--name, --contact, --organiser and --organiser-name are needed");
        return false;
    }
    struct db_conn *conn = start_connect(a->config, &a->database, a->why);
    if (!conn)
        return false;
    clock_init(&clock);
    struct accounts_first first = {.name = o->name,
                                   .contact_email = o->contact,
                                   .organiser_email = o->organiser,
                                   .organiser_name = o->organiser_name,
                                   .language = o->language,
                                   .base_url = base_url(a)};
    enum err err =
        accounts_create_organisation(conn, &first, clock_now_us(&clock), link, &organisation);
    db_disconnect(conn);
    if (err == ERR_OK)
        printf("%s may sign in with this link, once, within seven days:\n%s\n", o->organiser, link);
    else
        snprintf(a->why, sizeof a->why, "cannot create the organisation: %s",
                 err == ERR_INVALID ? "a name, an address or the language is not valid"
                                    : err_code(err));
    return err == ERR_OK;
}

static bool reset_factors(struct admin *a)
{
    int n = 0;
    struct clock clock;
    const char *address = a->organisation->organiser;
    if (!address) {
        snprintf(a->why, sizeof a->why, "--organiser is needed, the address of the account");
        return false;
    }
    struct db_conn *conn = start_connect(a->config, &a->database, a->why);
    if (!conn)
        return false;
    clock_init(&clock);
    struct deed deed = {.base_url = base_url(a), .now = clock_now_us(&clock)};
    enum err err = accounts_reset_factors(conn, &deed, address, &n);
    db_disconnect(conn);
    if (err == ERR_OK && n > 0)
        printf("%s signs in without a second factor now, and can set up a new one\n", address);
    else
        snprintf(a->why, sizeof a->why, "cannot reset: %s",
                 err == ERR_OK        ? "no account of this address has a second factor"
                 : err == ERR_INVALID ? "that is no e-mail address"
                                      : err_code(err));
    return err == ERR_OK && n > 0;
}

static void print_use(void *arg, const char *name, const struct storage_use *use, bool own)
{
    (void)arg;
    printf("%10.1f MB of ", (double)use->used / (1 << 20));
    if (use->quota)
        printf("%10lld MB", (long long)(use->quota >> 20));
    else
        printf("%13s", "no bound");
    printf("%s  %s\n", own ? " (its own)" : "", name);
}

static bool set_quota(struct admin *a, struct db_conn *conn)
{
    char *end = NULL;
    const struct admin_organisation *o = a->organisation;
    long mb = o->mb ? strtol(o->mb, &end, 10) : -1;
    if (mb < 0 || mb > STORAGE_MOST_MB || end == o->mb || *end) {
        snprintf(a->why, sizeof a->why, "--mb is needed, a number up to %d; 0: no bound",
                 STORAGE_MOST_MB);
        return false;
    }
    enum err err = storage_set_quota(conn, o->name, mb);
    if (err)
        snprintf(a->why, sizeof a->why, "cannot set the quota: %s",
                 err == ERR_NOT_FOUND  ? "no organisation has that name"
                 : err == ERR_CONFLICT ? "several organisations have that name"
                                       : err_code(err));
    return !err;
}

static bool storage(struct admin *a)
{
    struct db_conn *conn = start_connect(a->config, &a->database, a->why);
    if (!conn)
        return false;
    bool good = !a->organisation->name || set_quota(a, conn);
    if (good && storage_list(conn, a->config, print_use, NULL) != ERR_OK) {
        snprintf(a->why, sizeof a->why, "cannot read what is stored");
        good = false;
    }
    db_disconnect(conn);
    return good;
}

/* Its token signs in as nobody but the sample's own speaker. */
static bool speaker(struct admin *a)
{
    struct sample_speaker speaker;
    char session[ID_TEXT_SIZE];
    struct clock clock;
    struct db_conn *conn = start_connect(a->config, &a->database, a->why);
    if (!conn)
        return false;
    clock_init(&clock);
    enum err err = sample_speaker(conn, clock_now_us(&clock), &speaker);
    db_disconnect(conn);
    if (err == ERR_OK)
        printf("{\"session\":\"%s\",\"token\":\"%s\"}\n", id_text(&speaker.session, session),
               speaker.token);
    else
        snprintf(a->why, sizeof a->why, "no synthetic speaker: %s",
                 err == ERR_NOT_FOUND ? "this database holds no sample with a session to come"
                                      : err_code(err));
    return err == ERR_OK;
}

int admin_run(struct config *config, const char *verb,
              const struct admin_organisation *organisation)
{
    struct admin a = {.config = config, .organisation = organisation};
    bool good = crypto_start() == ERR_OK && find_database(&a);
    if (good && strcmp(verb, "database-url") == 0) {
        puts(a.database.owner_url);
    } else if (good && strcmp(verb, "create-organisation") == 0) {
        good = create_organisation(&a);
    } else if (good && strcmp(verb, "reset-factors") == 0) {
        good = reset_factors(&a);
    } else if (good && strcmp(verb, "storage") == 0) {
        good = storage(&a);
    } else if (good && strcmp(verb, "sample-speaker") == 0) {
        good = speaker(&a);
    } else if (good) {
        snprintf(a.why, sizeof a.why, "unknown admin command '%s'; see amphi --help", verb);
        good = false;
    }
    if (!good)
        fprintf(stderr, "amphi: %s\n", a.why);
    cluster_stop(a.database.cluster);
    return good ? 0 : 1;
}
