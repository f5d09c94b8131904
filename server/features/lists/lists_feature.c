/* What target lists declare: see room/feature.h. */
#include "features/lists/lists.h"
#include "features/lists/lists_jobs.h"
#include "features/lists/lists_routes.h"
#include "features/lists/lists_store.h"
#include "room/feature.h"

#define LIST   "/api/target-lists/{target_list}"
#define IMPORT LIST "/imports/{import}"
#define MB     (1024 * 1024)

static const struct http_route routes[] = {
    {.method = "GET",
     .pattern = "/api/target-lists",
     .roles = ROLE_ORGANISER,
     .handle = get_target_lists},
    {.method = "POST",
     .pattern = "/api/target-lists",
     .roles = ROLE_ORGANISER,
     .handle = post_target_list},
    {.method = "GET",
     .pattern = LIST,
     .roles = ROLE_ORGANISER,
     .thing = "target_list",
     .pool = DB_LONG,
     .handle = get_target_list},
    {.method = "PATCH",
     .pattern = LIST,
     .roles = ROLE_ORGANISER,
     .thing = "target_list",
     .pool = DB_LONG,
     .handle = patch_target_list},
    {.method = "DELETE",
     .pattern = LIST,
     .roles = ROLE_ORGANISER,
     .thing = "target_list",
     .pool = DB_LONG,
     .handle = delete_target_list},
    {.method = "GET",
     .pattern = LIST "/people",
     .roles = ROLE_ORGANISER,
     .thing = "target_list",
     .pool = DB_LONG,
     .handle = get_target_list_people},
    {.method = "DELETE",
     .pattern = LIST "/people/{listed}",
     .roles = ROLE_ORGANISER,
     .thing = "target_list",
     .handle = delete_target_list_person},
    /* Until all its lines are in the database it takes seconds. */
    {.method = "POST",
     .pattern = LIST "/imports",
     .roles = ROLE_ORGANISER,
     .thing = "target_list",
     .max_body = (size_t)64 * MB,
     .spool = true,
     .admit = admit_list_import,
     .pool = DB_UPLOAD,
     .handle = post_list_import},
    {.method = "GET",
     .pattern = IMPORT,
     .roles = ROLE_ORGANISER,
     .thing = "target_list",
     .handle = get_list_import},
    {.method = "PUT",
     .pattern = IMPORT "/mapping",
     .roles = ROLE_ORGANISER,
     .thing = "target_list",
     .pool = DB_LONG,
     .handle = put_list_mapping},
    {.method = "GET",
     .pattern = IMPORT "/report.csv",
     .roles = ROLE_ORGANISER,
     .thing = "target_list",
     .fresh = true,
     .pool = DB_LONG,
     .handle = get_list_report},
    {.method = "POST",
     .pattern = IMPORT "/confirm",
     .roles = ROLE_ORGANISER,
     .thing = "target_list",
     .pool = DB_LONG,
     .handle = post_list_confirm},
    {.method = "DELETE",
     .pattern = IMPORT,
     .roles = ROLE_ORGANISER,
     .thing = "target_list",
     .pool = DB_LONG,
     .handle = delete_list_import},
    {0},
};

const struct job_kind target_list_check = {.name = "target_list.check",
                                           .pool = DB_JOB,
                                           .tries = 5,
                                           .run = target_list_check_run,
                                           .give_up = target_list_work_give_up};
const struct job_kind target_list_store = {.name = "target_list.store",
                                           .pool = DB_JOB,
                                           .tries = 5,
                                           .run = target_list_store_run,
                                           .give_up = target_list_work_give_up};
const struct job_kind target_list_forget = {.name = "target_list.forget",
                                            .pool = DB_JOB,
                                            .tries = 5,
                                            .run = target_list_forget_run,
                                            .give_up = target_list_forget_give_up};
static const struct job_kind *const jobs[] = {&target_list_check, &target_list_store,
                                              &target_list_forget, NULL};

static const struct store stores[] = {
    {.name = "target_list", .why = "names and sources of lists; who made them is staff"},
    {.name = "target_list_person",
     .person = "hcp_id",
     .holds =
         "who is on a list of the organisation: name, address, RPPS, attributes; also people who "
         "never registered, whom organisers remove by themselves or with their list",
     .erasure = ERASURE_DELETED,
     .copy = "target_lists"},
    {.name = "target_list_import",
     .why = "what a file is like and how its columns are read; who made it is staff"},
    {.name = "target_list_import_line",
     .why =
         "lines of a file as an organiser uploaded it, in nobody's copy, as until somebody says "
         "what its columns are no address is known to be one; then the same lines are "
         "target_list_import_person. Erased with those, when the file is confirmed or cancelled, "
         "and after a day"},
    {.name = "target_list_import_person",
     .person = "email",
     .holds = "lines of a file for a list, read: name, address, RPPS, attributes; until they are "
              "confirmed or cancelled, a day at most",
     .erasure = ERASURE_DELETED,
     .copy = "target_list_imports"},
    {0},
};

const struct feature lists_feature = {
    .name = "lists",
    .routes = routes,
    .jobs = jobs,
    .stores = stores,
    .erase = lists_erase,
};
