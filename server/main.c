/* amphi: reads the command line and the configuration, lists the features, and hands over. */
#include "admin.h"
#include "admin_bounces.h"
#include "admin_migrate.h"
#include "admin_nodes.h"
#include "admin_registry.h"
#include "base/config.h"
#include "base/log.h"
#include "feature_list.h"
#include "features/oidc/oidc.h"
#include "serve.h"
#include "start.h"
#include "tables.h"
#include "version.h"
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "amphi " AMPHI_VERSION "\n"
    "  amphi serve [--config FILE] [--sample]   serve; --sample loads a sample congress once\n"
    "  amphi admin create-organisation --name NAME --contact ADDRESS --organiser ADDRESS\n"
    "        --organiser-name NAME [--language fr|en] [--config FILE]\n"
    "  amphi admin reset-factors --organiser ADDRESS [--config FILE]\n"
    "        takes the second factor off an account that nobody else can help\n"
    "  amphi admin storage [--name NAME --mb MB] [--config FILE]\n"
    "        what each organisation's decks take of the disk; sets how much one may, 0: no bound\n"
    "  amphi admin database-url [--config FILE] where the database is, as its owner\n"
    "  amphi admin sample-speaker [--config FILE]\n"
    "        what make speaker needs; refused unless the database holds the sample\n"
    "  amphi migrate [--config FILE]            brings the database to this version, as its owner\n"
    "  amphi nodes [--config FILE]              which servers use the database, and how they are\n"
    "  amphi registry import FILE [--date AAAA-MM-DD] [--force] [--config FILE]\n"
    "        the French register of health professionals, as Annuaire Santé publishes it: text or\n"
    "        ZIP, - for what comes in; takes the place of the one before; --force: also when it "
    "is\n"
    "        older, or lacks much\n"
    "  amphi registry show [--config FILE]      which register is there\n"
    "  amphi bounces FILE [--config FILE]       reads a mailbox file, or - for what comes in, for\n"
    "        reports of mails that cannot be delivered, and marks the invitations; again: no harm\n"
    "  amphi tables                             routes and commands as JSON\n"
    "  amphi check-config [--config FILE]\n"
    "  amphi --help | --version\n"
    "\nSettings, in the file as name = value, in the environment as AMPHI_NAME=value:\n";

static int fail(const char *why)
{
    fprintf(stderr, "amphi: %s\n", why);
    return 1;
}

static int help(void)
{
    fputs(usage, stdout);
    fflush(stdout);
    config_describe(STDOUT_FILENO);
    return 0;
}

struct arguments {
    const char *config;
    bool sample;
    struct admin_organisation organisation;
    struct admin_registry registry; /* its file is also that of bounces */
};

/* Options with a value; how they come is their letter. */
static const char **value_of(struct arguments *a, int letter)
{
    switch (letter) {
    case 'c':
        return &a->config;
    case 'n':
        return &a->organisation.name;
    case 'k':
        return &a->organisation.contact;
    case 'o':
        return &a->organisation.organiser;
    case 'm':
        return &a->organisation.organiser_name;
    case 'l':
        return &a->organisation.language;
    case 'q':
        return &a->organisation.mb;
    case 'd':
        return &a->registry.date;
    default:
        return NULL;
    }
}

/* Of what follows the verb; a file is what is no option. */
static bool read_arguments(int argc, char **argv, struct arguments *a)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'},
        {"sample", no_argument, NULL, 's'},
        {"name", required_argument, NULL, 'n'},
        {"contact", required_argument, NULL, 'k'},
        {"organiser", required_argument, NULL, 'o'},
        {"organiser-name", required_argument, NULL, 'm'},
        {"language", required_argument, NULL, 'l'},
        {"mb", required_argument, NULL, 'q'},
        {"date", required_argument, NULL, 'd'},
        {"force", no_argument, NULL, 'f'},
        {NULL, 0, NULL, 0},
    };
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        const char **value = value_of(a, c);
        if (value)
            *value = optarg;
        else if (c == 's')
            a->sample = true;
        else if (c == 'f')
            a->registry.force = true;
        else
            return false;
    }
    a->registry.file = optind < argc ? argv[optind] : NULL;
    return true;
}

static int run(const char *verb, const char *what, struct config *config, struct arguments *a)
{
    static const struct {
        const char *verb;
        int (*run)(struct config *);
    } plain[] = {{"nodes", admin_nodes}, {"migrate", admin_migrate}};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (strcmp(verb, plain[i].verb) == 0)
            return plain[i].run(config);
    if (strcmp(verb, "serve") == 0)
        return serve(config, &(struct serve_options){all_features, a->sample});
    if (strcmp(verb, "admin") == 0)
        return admin_run(config, what, &a->organisation);
    if (strcmp(verb, "registry") == 0)
        return admin_registry(config, what, &a->registry);
    if (strcmp(verb, "bounces") == 0)
        return admin_bounces(config, a->registry.file);
    if (strcmp(verb, "check-config") == 0)
        return puts("the configuration is good") < 0;
    return fail("see amphi --help");
}

int main(int argc, char **argv)
{
    const char *verb = argc > 1 ? argv[1] : "--help";
    struct arguments a = {.organisation.language = "fr"};
    struct config config;
    char why[WHY_SIZE];
    if (strcmp(verb, "--help") == 0)
        return help();
    if (strcmp(verb, "--version") == 0)
        return puts("amphi " AMPHI_VERSION) < 0;
    if (strcmp(verb, "tables") == 0)
        return tables_print(all_features);
    int skip = strcmp(verb, "admin") == 0 || strcmp(verb, "registry") == 0 ? 2 : 1;
    if (argc <= skip - 1 || (skip == 2 && argc < 3) ||
        !read_arguments(argc - skip, argv + skip, &a))
        return fail("see amphi --help");
    if (!config_load(&config, a.config, why, sizeof why) ||
        (skip == 1 && !oidc_settings_good(&config, why, sizeof why)))
        return fail(why);
    log_set_level((enum log_level)config.log_level);
    int status = run(verb, argv[skip], &config, &a);
    config_release(&config);
    if (status == SERVE_AGAIN)
        execv("/proc/self/exe", argv); /* with nothing of the old run in memory */
    return status;
}
