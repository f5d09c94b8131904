/* "No more than so many" holds also when several are added at the same moment, each by a request
 * that sees room for one: whatever has such a limit has its case here. */
#include "db/query.h"
#include "features/accounts/accounts_store.h"
#include "features/audience/audience_store.h"
#include "features/audit/audit.h"
#include "features/congress/congress_store.h"
#include "features/invitations/invitations_store.h"
#include "features/polls/polls_store.h"
#include "features/registration/registration_store.h"
#include "features/sessions/sessions.h"
#include "features/slides/slides_store.h"
#include "harness/pg.h"
#include "harness/stage.h"
#include "harness/wait.h"
#include "unit/run.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ADDERS 4
#define BASE   "https://amphi.test"
#define NOW    (LIVE_START + 1000)

static const struct feature *const features[] = {&congress_feature, &registration_feature,
                                                 &sessions_feature, &slides_feature,
                                                 &polls_feature,    NULL};
static struct stage stage;

/* --- one of each; ERR_OK: was added --- */

static enum err add_link(struct db_conn *c, const char *name)
{
    struct identity who = audience_organiser();
    struct id congress = audience_id(AUDIENCE_CONGRESS);
    json_t *added = NULL;
    enum err err = links_add(c, &who, &congress, "email", name, BASE, NOW, &added);
    json_decref(added);
    return err;
}

static enum err add_division(struct db_conn *c, enum division division, const char *name)
{
    struct identity who = audience_organiser();
    struct id congress = audience_id(AUDIENCE_CONGRESS);
    json_t *added = NULL;
    enum err err = division_add(c, &who, &congress, division, name, NOW, &added);
    json_decref(added);
    return err;
}

static enum err add_hall(struct db_conn *c, const char *name)
{
    return add_division(c, DIVISION_HALL, name);
}

static enum err add_track(struct db_conn *c, const char *name)
{
    return add_division(c, DIVISION_TRACK, name);
}

static void begin_change(struct change *change)
{
    struct identity who = audience_organiser();
    change_init(change, &stage.live->app, &who, NOW);
}

static enum err add_session(struct db_conn *c, const char *name)
{
    struct id congress = audience_id(AUDIENCE_CONGRESS);
    struct session_fields fields = {.title = name,
                                    .description = "",
                                    .language = "en",
                                    .listen_at = "",
                                    .starts_at = NOW,
                                    .planned_minutes = 60,
                                    .capacity = 100,
                                    .threshold_thousandths = CONGRESS_KEEP};
    struct change change;
    json_t *added = NULL;
    begin_change(&change);
    enum err err = session_add(c, &change, &congress, &fields, &added);
    json_decref(added);
    return err;
}

static enum err add_profile(struct db_conn *c, const char *name)
{
    struct identity who = audience_organiser();
    struct id congress = audience_id(AUDIENCE_CONGRESS);
    struct profile_result out;
    struct profile_input in = {.name = name};
    in.criteria = json_pack("{s:[],s:[],s:[]}", "all_of", "any_of", "none_of");
    enum err err = profile_create(c, &who, &congress, &in, NOW, &out);
    json_decref(in.criteria);
    return err || out.outcome == PROFILE_DONE ? err : ERR_TOO_LARGE;
}

static enum err add_round(struct db_conn *c, const char *name)
{
    (void)name;
    struct identity who = audience_organiser();
    struct id congress = audience_id(AUDIENCE_CONGRESS);
    struct round_new wanted = {.channel = "mail"};
    enum round_refusal refusal = ROUND_OK;
    const char *field;
    json_t *added = NULL;
    enum err err = db_read_id(c, &wanted.target_list, "SELECT id FROM target_list LIMIT 1", "");
    if (err == ERR_OK)
        err = round_create(c, &who, &congress, &wanted, NOW, &added, &refusal, &field);
    json_decref(added);
    return err || refusal == ROUND_OK ? err : ERR_TOO_LARGE;
}

static enum err add_poll(struct db_conn *c, const char *name)
{
    struct id session = audience_id(AUDIENCE_SESSION);
    struct poll_draft draft = {
        .question = name, .choice = POLL_SINGLE, .options = {"Yes", "No"}, .option_count = 2};
    struct poll *poll = NULL;
    const char *why = NULL;
    struct change change;
    begin_change(&change);
    enum err err = polls_create(c, &change, &session, &draft, &poll, &why);
    poll_free(poll);
    return err;
}

static enum err add_deck(struct db_conn *c, const char *name)
{
    struct deck_upload up = {
        .session = audience_id(AUDIENCE_SESSION), .file_name = name, .bytes = 1};
    struct deck *deck = NULL;
    const char *why = NULL;
    struct change change;
    begin_change(&change);
    enum err err = deck_create(c, &change, &up, &deck, &why);
    deck_free(deck);
    return err;
}

static enum err add_invite(struct db_conn *c, const char *name)
{
    (void)name;
    struct identity who = audience_organiser();
    return staff_invite(c, &who, &who.person, BASE, NOW);
}

/* A form whose mail asks to confirm it; past the limit of an address it is answered alike. */
static enum err add_request(struct db_conn *c, const char *name)
{
    struct registration_form form = {.email = "anne@hcp.test",
                                     .first_name = name,
                                     .last_name = "Martin",
                                     .language = "fr",
                                     .profession = "10",
                                     .specialty = "SM04",
                                     .practice_setting = "SA07",
                                     .region = "11",
                                     .age_band = "45_54"};
    struct request_result out;
    enum err err =
        registration_request(c, "abcdefghjkmn", &form, &(struct request_proof){0}, BASE, NOW, &out);
    if (err == ERR_OK)
        err = db_found(c, "SELECT 1 FROM registration_request WHERE first_name = $1", "s", name);
    return err == ERR_NOT_FOUND ? ERR_RATE : err;
}

/* Confirms the request that `fill` made for "New n": another person of one address. */
static enum err add_person(struct db_conn *c, const char *name)
{
    uint8_t token[TOKEN_HASH_SIZE];
    struct join_wish wish = {.somebody_else = true, .base_url = BASE, .at = NOW};
    enum registration_refusal refusal = REGISTRATION_OK;
    struct link_owner owner;
    struct change change;
    begin_change(&change);
    memset(token, name[4], sizeof token);
    enum err err = change_begin(c);
    if (err == ERR_OK)
        err = registration_confirm(c, &change, token, &wish, &owner, &refusal);
    if (err == ERR_OK && refusal == REGISTRATION_PERSON)
        err = ERR_TOO_LARGE;
    return change_end(c, &change, err);
}

/* --- the limits --- */

#define NUMBERS(n) " FROM generate_series(1, " n ") n;"
#define REQUEST(name)                                                                              \
    "(organisation_id, congress_id, link_id, token_hash, email, first_name, last_name, language,"  \
    " profession, specialty, practice_setting, region, age_band, consents, requested_at,"          \
    " expires_at) SELECT '" AUDIENCE_ORG "', '" AUDIENCE_CONGRESS "', '" AUDIENCE_CONGRESS         \
    "', decode(repeat(to_hex(47 + n), 32), 'hex'), 'anne@hcp.test', " name ", 'Martin', 'fr',"     \
    " '10', 'SM04', 'SA07', '11', '45_54', '[]', to_timestamp(1800000000),"                        \
    " to_timestamp(1800080000)"
static const struct limit {
    enum err (*add)(struct db_conn *c, const char *name);
    const char *fill; /* to one below the limit */
    const char *count, *limit;
} limits[] = {
    {add_link,
     "INSERT INTO registration_link (organisation_id, congress_id, channel, label, code,"
     " created_at) SELECT '" AUDIENCE_ORG "', '" AUDIENCE_CONGRESS "', 'other', n,"
     " translate(lpad(n::text, 12, 'a'), '01', 'yz'), now()" NUMBERS("198"),
     "SELECT count(*) FROM registration_link", "200"},
    {add_hall,
     "INSERT INTO hall (organisation_id, congress_id, name)"
     " SELECT '" AUDIENCE_ORG "', '" AUDIENCE_CONGRESS "', n" NUMBERS("98"),
     "SELECT count(*) FROM hall", "100"},
    {add_track,
     "INSERT INTO track (organisation_id, congress_id, name)"
     " SELECT '" AUDIENCE_ORG "', '" AUDIENCE_CONGRESS "', n" NUMBERS("99"),
     "SELECT count(*) FROM track", "100"},
    {add_session,
     "INSERT INTO session (organisation_id, congress_id, hall_id, title, language, starts_at,"
     " planned_minutes, capacity, created_at) SELECT '" AUDIENCE_ORG "', '" AUDIENCE_CONGRESS
     "', '" AUDIENCE_CONGRESS "', n, 'en', now(), 60, 100, now()" NUMBERS("498"),
     "SELECT count(*) FROM session", "500"},
    {add_profile,
     "INSERT INTO target_profile (organisation_id, congress_id, name, position, created_at)"
     " SELECT '" AUDIENCE_ORG "', '" AUDIENCE_CONGRESS "', n, n, now()" NUMBERS("63"),
     "SELECT count(*) FROM target_profile", "64"},
    {add_round,
     "INSERT INTO target_list (organisation_id, name, created_at, changed_at)"
     " VALUES ('" AUDIENCE_ORG "', 'L', now(), now());"
     "INSERT INTO invitation_round (organisation_id, congress_id, channel, list_name, created_at)"
     " SELECT '" AUDIENCE_ORG "', '" AUDIENCE_CONGRESS "', 'mail', n, now()" NUMBERS("199"),
     "SELECT count(*) FROM invitation_round", "200"},
    {add_poll,
     "INSERT INTO poll (id, organisation_id, session_id, position, question, choice, created_at)"
     " SELECT gen_random_uuid(), '" AUDIENCE_ORG "', '" AUDIENCE_SESSION
     "', n, n, 'single', now()" NUMBERS("99"),
     "SELECT count(*) FROM poll", "100"},
    {add_deck,
     "INSERT INTO deck (organisation_id, session_id, file_name, pdf, bytes, state, error,"
     " created_at, created_by) SELECT '" AUDIENCE_ORG "', '" AUDIENCE_SESSION
     "', n, sha256(n::text::bytea), 1, 'failed', 'x', now(), '" AUDIENCE_STAFF "'" NUMBERS("19"),
     "SELECT count(*) FROM deck", "20"},
    {add_invite,
     "INSERT INTO one_time_link (token_hash, organisation_id, purpose, account_id, created_at,"
     " expires_at) SELECT sha256(n::text::bytea), '" AUDIENCE_ORG "', 'invite', '" AUDIENCE_STAFF
     "', to_timestamp(1800000000), to_timestamp(1800001000)" NUMBERS("4"),
     "SELECT count(*) FROM one_time_link", "5"},
    {add_request, "INSERT INTO registration_request " REQUEST("'x'") NUMBERS("4"),
     "SELECT count(*) FROM registration_request", "5"},
    {add_person,
     "INSERT INTO hcp (organisation_id, email, first_name, last_name, created_at)"
     " SELECT '" AUDIENCE_ORG "', 'anne@hcp.test', n, 'Martin', now()" NUMBERS(
         "9") "INSERT INTO registration_request " REQUEST("'New ' || n - 1") NUMBERS("4"),
     "SELECT count(*) FROM hcp WHERE email = 'anne@hcp.test'", "10"},
};

/* --- at once --- */

struct adder {
    pthread_t thread;
    const struct limit *limit;
    char name[20];
    enum err err;
};

static void *adds(void *arg)
{
    struct adder *adder = arg;
    const char *why = NULL;
    struct db_conn *conn = db_connect(stage.url, &why);
    adder->err = adder->limit->add(conn, adder->name);
    db_disconnect(conn);
    return NULL;
}

static bool all_wait(void *arg)
{
    (void)arg;
    return atoi(pg_sql(stage.url, "SELECT count(*) FROM pg_stat_activity"
                                  " WHERE wait_event_type = 'Lock'"
                                  "   AND datname = current_database()")) == ADDERS;
}

/* Whatever is added is audited or mailed before the commit: there everybody waits who was not held
 * up before. */
static void all_at_once(const struct limit *limit, struct adder adders[ADDERS])
{
    ck_assert_int_eq(db_begin(stage.conn), ERR_OK);
    ck_assert_int_eq(db_exec(stage.conn, "LOCK TABLE audit_log, outbox IN EXCLUSIVE MODE", ""),
                     ERR_OK);
    for (int i = 0; i < ADDERS; i++) {
        adders[i] = (struct adder){.limit = limit};
        snprintf(adders[i].name, sizeof adders[i].name, "New %d", i);
        pthread_create(&adders[i].thread, NULL, adds, &adders[i]);
    }
    bool all = wait_for(all_wait, NULL, 20);
    db_rollback(stage.conn);
    for (int i = 0; i < ADDERS; i++)
        pthread_join(adders[i].thread, NULL);
    ck_assert(all);
}

START_TEST(of_several_at_once_one_gets_the_last_place)
{
    const struct limit *limit = &limits[_i];
    struct adder adders[ADDERS];
    stage_open(&stage, features);
    pg_sql(stage.url, limit->fill);
    all_at_once(limit, adders);
    int added = 0;
    for (int i = 0; i < ADDERS; i++) {
        enum err err = adders[i].err;
        added += err == ERR_OK;
        ck_assert_msg(err == ERR_OK || err == ERR_TOO_LARGE || err == ERR_CONFLICT ||
                          err == ERR_RATE,
                      "limit %d: %s", _i, err_code(err));
    }
    ck_assert_str_eq(pg_sql(stage.url, limit->count), limit->limit);
    ck_assert_int_eq(added, 1);
    live_run(stage.live);
    stage_close(&stage);
}
END_TEST

/* The hall that a congress gets with its first session is one, too. */
START_TEST(first_sessions_at_once_share_one_hall)
{
    static const struct limit sessions = {.add = add_session};
    struct adder adders[ADDERS];
    stage_open(&stage, features);
    pg_sql(stage.url, "DELETE FROM session; DELETE FROM hall");
    all_at_once(&sessions, adders);
    for (int i = 0; i < ADDERS; i++)
        ck_assert_int_eq(adders[i].err, ERR_OK);
    ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) FROM hall"), "1");
    live_run(stage.live);
    stage_close(&stage);
}
END_TEST

int main(void)
{
    pg_setup();
    Suite *suite = suite_create("limits at once");
    TCase *tests = tcase_create("limits");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, of_several_at_once_one_gets_the_last_place, 0,
                        sizeof limits / sizeof *limits);
    tcase_add_test(tests, first_sessions_at_once_share_one_hall);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
