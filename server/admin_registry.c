#include "admin_registry.h"

#include "base/clock.h"
#include "db/cluster.h"
#include "features/registry/registry_import.h"
#include "start.h"
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void print_edition(const struct registry_edition *e)
{
    char data[32], imported[32];
    time_t data_at = (time_t)(e->data_at / US_PER_S), at = (time_t)(e->imported_at / US_PER_S);
    struct tm tm;
    strftime(data, sizeof data, "%Y-%m-%d", gmtime_r(&data_at, &tm));
    strftime(imported, sizeof imported, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&at, &tm));
    printf("%s, data of %s: %lld people in %lld lines, %lld refused; imported %s\n", e->source_file,
           data, (long long)e->persons, (long long)e->lines, (long long)e->refused, imported);
}

static void show_progress(void *arg, int64_t lines, int64_t position, int64_t size)
{
    (void)arg;
    if (size)
        fprintf(stderr, "\r%lld lines, %d %%  ", (long long)lines, (int)(position * 100 / size));
    else
        fprintf(stderr, "\r%lld lines  ", (long long)lines);
}

static void print_refused(const struct registry_import *i)
{
    for (int fault = REGISTRY_GOOD + 1; fault < REGISTRY_FAULTS; fault++)
        if (i->refused[fault])
            fprintf(stderr, "refused %lld lines, the first is line %lld: %s\n",
                    (long long)i->refused[fault], (long long)i->first[fault],
                    registry_fault_text((enum registry_fault)fault));
    if (i->without_specialties)
        fprintf(stderr, "the file has no column of specialties: nobody has one\n");
}

/* --date: a day, AAAA-MM-DD. */
static bool read_date(const char *text, int64_t *at, char *why)
{
    struct tm tm = {0};
    const char *end = text ? strptime(text, "%Y-%m-%d", &tm) : "";
    if (text && end && !*end)
        *at = timegm(&tm) * US_PER_S;
    else if (text)
        snprintf(why, WHY_SIZE, "--date is a day: AAAA-MM-DD");
    return !text || (end && !*end);
}

static bool import_file(const struct config *config, const struct admin_registry *asked,
                        struct db_conn *conn, char *why)
{
    struct clock clock;
    clock_init(&clock);
    bool terminal = isatty(STDERR_FILENO);
    struct registry_import import = {.path = asked->file,
                                     .now = clock_now_us(&clock),
                                     .force = asked->force,
                                     .check = config->rpps_check,
                                     .progress = terminal ? show_progress : NULL};
    if (!read_date(asked->date, &import.data_at, why))
        return false;
    bool good = registry_import(conn, &import);
    if (terminal)
        fputs("\r\x1b[K", stderr);
    print_refused(&import);
    if (good)
        print_edition(&import.edition);
    else
        snprintf(why, WHY_SIZE, "%.100s was not imported, and nothing was changed: %.300s",
                 asked->file, import.why);
    return good;
}

static bool show(struct db_conn *conn, char *why)
{
    struct registry_edition edition;
    enum err err = registry_current(conn, &edition);
    if (!err)
        print_edition(&edition);
    else
        snprintf(why, WHY_SIZE, "%s",
                 err == ERR_NOT_FOUND ? "no register was imported yet"
                                      : "cannot read the register");
    return !err;
}

/* The schema is the server's: it is migrated first, as by any other tool. */
static bool run(struct config *config, const char *verb, const struct admin_registry *asked,
                struct database *database, char *why)
{
    struct db_conn *conn = start_connect(config, database, why), *owner = NULL;
    bool import = strcmp(verb, "import") == 0, good = false;
    if (conn && import && (owner = start_owner(database, why)))
        good = import_file(config, asked, owner, why);
    else if (conn && !import)
        good = show(conn, why);
    db_disconnect(owner);
    db_disconnect(conn);
    return good;
}

int admin_registry(struct config *config, const char *verb, const struct admin_registry *asked)
{
    char why[WHY_SIZE] = "";
    struct database database = {0};
    bool import = strcmp(verb, "import") == 0, good = false;
    if (!import && strcmp(verb, "show") != 0)
        snprintf(why, sizeof why, "unknown registry command '%s'; see amphi --help", verb);
    else if (import && !asked->file)
        snprintf(why, sizeof why, "which file? see amphi --help");
    else
        good = (config->database_url[0] || start_data(config, why)) &&
               start_database(config, true, NULL, &database, why) &&
               run(config, verb, asked, &database, why);
    if (!good)
        fprintf(stderr, "amphi: %s\n", why);
    cluster_stop(database.cluster);
    return good ? 0 : 1;
}
