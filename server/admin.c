#include "admin.h"

#include "base/clock.h"
#include "crypto/crypto.h"
#include "db/cluster.h"
#include "features/accounts/accounts.h"
#include "start.h"
#include <stdio.h>
#include <string.h>

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
    char base_url[512];
    snprintf(base_url, sizeof base_url, "%s",
             a->config->base_url[0] ? a->config->base_url : "https://localhost:8443");
    struct accounts_first first = {.name = o->name,
                                   .contact_email = o->contact,
                                   .organiser_email = o->organiser,
                                   .organiser_name = o->organiser_name,
                                   .language = o->language,
                                   .base_url = base_url};
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

int admin_run(struct config *config, const char *verb,
              const struct admin_organisation *organisation)
{
    struct admin a = {.config = config, .organisation = organisation};
    bool good = crypto_start() == ERR_OK && find_database(&a);
    if (good && strcmp(verb, "database-url") == 0) {
        puts(a.database.owner_url);
    } else if (good && strcmp(verb, "create-organisation") == 0) {
        good = create_organisation(&a);
    } else if (good) {
        snprintf(a.why, sizeof a.why, "unknown admin command '%s'; see amphi --help", verb);
        good = false;
    }
    if (!good)
        fprintf(stderr, "amphi: %s\n", a.why);
    cluster_stop(a.database.cluster);
    return good ? 0 : 1;
}
