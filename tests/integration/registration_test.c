#include "db/query.h"
#include "features/audit/audit.h"
#include "features/congress/congress.h"
#include "features/registration/registration_store.h"
#include "harness/wait.h"
#include "integration/rest.h"
#include <pthread.h>

static char organiser[256];
static char congress_id[ID_TEXT_SIZE], code[16];

static json_t *must(int status, const char *method, const char *path, json_t *body)
{
    return rest_body(organiser, status, method, path, body);
}

static json_t *session_body(int capacity)
{
    return json_pack("{s:s,s:s,s:s,s:s,s:i,s:i,s:s}", "title", "Cœur", "description", "",
                     "language", "fr", "starts_at", "2026-12-01T18:30:00Z", "planned_minutes", 60,
                     "capacity", capacity, "listen_at", "01 23 45 67 89");
}

/* An organisation with one published session and one registration link. */
static void open_page(int capacity)
{
    const struct http_route *tables[] = {accounts_feature.routes, congress_feature.routes,
                                         registration_feature.routes, audit_feature.routes, NULL};
    char path[256];
    rest_open(tables);
    rest_organisation("Labo", "olga@labo.test", organiser);
    json_t *congress = must(201, "POST", "/api/congresses",
                            json_pack("{s:s,s:s,s:s,s:s}", "title", "Cœur", "description", "",
                                      "language", "fr", "time_zone", "Europe/Paris"));
    snprintf(congress_id, sizeof congress_id, "%s", rest_text(congress, "id"));
    json_decref(congress);
    snprintf(path, sizeof path, "/api/congresses/%s/sessions", congress_id);
    json_t *session = must(201, "POST", path, session_body(capacity));
    snprintf(path, sizeof path, "/api/sessions/%s/publish", rest_text(session, "id"));
    json_decref(must(200, "POST", path, json_object()));
    json_decref(session);
    snprintf(path, sizeof path, "/api/congresses/%s/links", congress_id);
    json_t *link =
        must(201, "POST", path, json_pack("{s:s,s:s}", "channel", "email", "label", "Invitation"));
    snprintf(code, sizeof code, "%s", rest_text(link, "code"));
    char url[128];
    snprintf(url, sizeof url, REST_BASE "/r/%s", code);
    ck_assert_str_eq(rest_text(link, "url"), url);
    json_decref(link);
}

static const char *page(const char *rest_of_path)
{
    static char path[128];
    snprintf(path, sizeof path, "/api/registration-pages/%s%s", code, rest_of_path);
    return path;
}

static json_t *form(const char *email)
{
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:[{s:s,s:i,s:b},{s:s,s:i,s:b}]}",
                     "email", email, "first_name", "Anne", "last_name", "Martin", "language", "fr",
                     "profession", "10", "specialty", "SM04", "practice_setting", "SA07", "region",
                     "11", "age_band", "45_54", "consents", "kind", "participation", "version", 1,
                     "given", 1, "kind", "contact", "version", 1, "given", 0);
}

static json_t *form_with(const char *field, json_t *value)
{
    json_t *body = form("anne@hcp.test");
    json_object_set_new(body, field, value);
    return body;
}

static void register_person(const char *email)
{
    json_decref(rest_body(NULL, 202, "POST", page(""), form(email)));
}

static json_t *join_body(const char *email)
{
    const char *token = rest_mailed_token(email, "join");
    ck_assert_msg(*token, "no link was mailed to %s", email);
    return json_pack("{s:s}", "token", token);
}

static void join(const char *email, char cookie[256])
{
    struct rest_reply in = rest_call(NULL, "POST", "/api/join", join_body(email));
    ck_assert_int_eq(in.status, 200);
    snprintf(cookie, 256, "%s", in.cookie);
    json_decref(in.body);
}

static const char *value(const char *sql)
{
    return pg_sql(rest.url, sql);
}

START_TEST(a_registration_is_mailed_and_the_link_opens_it)
{
    char cookie[256];
    open_page(10);
    json_t *shown = rest_body(NULL, 200, "GET", page(""), NULL);
    ck_assert(json_is_true(json_object_get(shown, "open")));
    ck_assert_uint_eq(json_array_size(json_object_get(shown, "consents")), 2);
    json_decref(shown);
    register_person("Anne@HCP.test");
    ck_assert_str_eq(value("SELECT count(*) FROM registration WHERE confirmed_at IS NULL"), "1");
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE message->>'text' LIKE"
                           " '%mardi 1er décembre 2026 à 19 h 30 (heure de Paris)%'"
                           " AND message->>'text' LIKE '%/cancel#%'"),
                     "1");
    join("anne@hcp.test", cookie);
    ck_assert_str_eq(value("SELECT count(*) FROM registration WHERE confirmed_at IS NOT NULL"),
                     "1");
    ck_assert_str_eq(value("SELECT specialty FROM hcp_attributes WHERE source = 'declared'"),
                     "SM04");
    json_t *mine = rest_body(cookie, 200, "GET", "/api/my/registration", NULL);
    ck_assert_str_eq(rest_text(mine, "email"), "anne@hcp.test");
    json_t *session = json_array_get(json_object_get(mine, "sessions"), 0);
    ck_assert_str_eq(rest_text(session, "listen_at"), "01 23 45 67 89");
    json_decref(mine);
    join("anne@hcp.test", cookie); /* a personal link works again */
    ck_assert_int_eq(rest_status(cookie, "GET", "/api/organisation", NULL), 403);
    rest_close();
}
END_TEST

START_TEST(a_known_address_gets_the_same_answer_and_keeps_its_data)
{
    open_page(10);
    json_t *first = rest_body(NULL, 202, "POST", page(""), form("anne@hcp.test"));
    json_t *stranger = form("anne@hcp.test");
    json_object_set_new(stranger, "first_name", json_string("Mallory"));
    json_object_set_new(stranger, "age_band", json_string("under_35"));
    json_t *second = rest_body(NULL, 202, "POST", page(""), stranger);
    ck_assert(json_equal(first, second));
    ck_assert_str_eq(value("SELECT first_name FROM hcp"), "Anne");
    ck_assert_str_eq(value("SELECT age_band FROM registration"), "45_54");
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE message->>'text' LIKE '%déjà%'"),
                     "1");
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE message::text LIKE '%Mallory%'"),
                     "0");
    json_decref(first);
    json_decref(second);
    rest_close();
}
END_TEST

START_TEST(forms_are_checked_against_the_codes_and_consents_in_force)
{
    open_page(10);
    const struct {
        const char *field;
        json_t *value;
    } bad[] = {
        {"profession", json_string("99999")},
        {"specialty", json_null()},
        {"specialty", json_string("XX99")},
        {"region", json_string("nowhere")},
        {"email", json_string("not an address")},
        {"last_name", json_string("see http://evil.test")},
        {"language", json_string("de")},
        {"consents", json_array()},
        {"consents", json_pack("[{s:s,s:i,s:b},{s:s,s:i,s:b}]", "kind", "participation", "version",
                               1, "given", 0, "kind", "contact", "version", 1, "given", 0)}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        json_t *problem =
            rest_body(NULL, 422, "POST", page(""), form_with(bad[i].field, bad[i].value));
        ck_assert_str_eq(rest_text(problem, "field"), bad[i].field);
        json_decref(problem);
    }
    ck_assert_str_eq(value("SELECT count(*) FROM hcp"), "0");
    json_t *pharmacist = form_with("specialty", json_null());
    json_object_set_new(pharmacist, "profession", json_string("21"));
    json_decref(rest_body(NULL, 202, "POST", page(""), pharmacist));
    rest_close();
}
END_TEST

START_TEST(the_last_seat_is_the_last)
{
    open_page(2);
    register_person("a@hcp.test");
    register_person("b@hcp.test");
    rest_problem(NULL, 409, "registration.full", "POST", page(""), form("c@hcp.test"));
    rest_problem(NULL, 409, "registration.full", "POST", page(""), form("a@hcp.test"));
    ck_assert_str_eq(value("SELECT count(*) FROM hcp"), "2");
    value("UPDATE session SET state = 'ended', live_at = now(), ended_at = now()");
    rest_problem(NULL, 409, "registration.closed", "POST", page(""), form("c@hcp.test"));
    ck_assert_int_eq(rest_status(NULL, "GET", "/api/registration-pages/aaaaaaaaaaaa", NULL), 404);
    rest_close();
}
END_TEST

/* --- many at once --- */

#define SEATS  3
#define COMERS 8
#define FORM(n)                                                                                    \
    {                                                                                              \
        .email = n, .first_name = "Anne", .last_name = "Martin", .language = "fr",                 \
        .profession = "10", .specialty = "SM04", .practice_setting = "SA07", .region = "11",       \
        .age_band = "45_54", .consents = {{"participation", 1, true}, {"contact", 1, false}},      \
        .consent_count = 2,                                                                        \
    }

/* Another transaction has written into the table of mails, and waits for a lock. */
static bool holds_outbox(void *arg)
{
    (void)arg;
    return strcmp(value("SELECT count(DISTINCT l.pid) FROM pg_locks l JOIN pg_locks w"
                        "    ON w.pid = l.pid AND NOT w.granted"
                        " WHERE l.relation = 'outbox'::regclass AND l.mode = 'RowExclusiveLock'"),
                  "1") == 0;
}

struct comer {
    pthread_t thread;
    char email[40];
    struct register_result result;
    enum err err;
};

static void *comes(void *arg)
{
    struct comer *comer = arg;
    const char *why = NULL;
    struct db_conn *conn = db_connect(rest.url, &why);
    struct registration_form f = FORM("");
    memcpy(f.email, comer->email, sizeof comer->email);
    comer->err = registration_register(conn, code, &f, REST_BASE, REST_NOW, &comer->result);
    db_disconnect(conn);
    return NULL;
}

START_TEST(of_many_at_once_as_many_get_in_as_there_are_seats)
{
    open_page(SEATS);
    struct comer comers[COMERS];
    int in = 0, full = 0;
    for (int i = 0; i < COMERS; i++) {
        comers[i] = (struct comer){.err = ERR_INTERNAL};
        snprintf(comers[i].email, sizeof comers[i].email, "comer-%d@hcp.test", i);
        pthread_create(&comers[i].thread, NULL, comes, &comers[i]);
    }
    for (int i = 0; i < COMERS; i++) {
        pthread_join(comers[i].thread, NULL);
        ck_assert_int_eq(comers[i].err, ERR_OK);
        in += comers[i].result.refusal == REGISTER_OK;
        full += comers[i].result.refusal == REGISTER_FULL;
    }
    ck_assert_int_eq(in, SEATS);
    ck_assert_int_eq(full, COMERS - SEATS);
    ck_assert_str_eq(value("SELECT count(*) FROM registration WHERE state = 'registered'"), "3");
    ck_assert_str_eq(value("SELECT count(*) FROM outbox"),
                     "3"); /* who did not get in is not mailed */
    rest_close();
}
END_TEST

/* Somebody holds the congress: another's mail is composed all the same, and only the decision
 * waits.
 */
START_TEST(the_congress_is_locked_for_the_decision_alone)
{
    open_page(SEATS);
    const char *why = NULL;
    struct db_conn *holder = db_connect(rest.url, &why);
    struct comer comer = {.email = "comer@hcp.test"};
    ck_assert_int_eq(db_begin(holder), ERR_OK);
    ck_assert_int_eq(db_exec(holder, "SELECT 1 FROM congress FOR NO KEY UPDATE", ""), ERR_OK);
    pthread_create(&comer.thread, NULL, comes, &comer);
    ck_assert(wait_for(holds_outbox, NULL, 10)); /* its mail is queued, in its transaction */
    ck_assert_str_eq(value("SELECT count(*) FROM outbox"), "0");
    db_rollback(holder);
    pthread_join(comer.thread, NULL);
    ck_assert_int_eq(comer.result.refusal, REGISTER_OK);
    ck_assert_str_eq(value("SELECT count(*) FROM outbox"), "1");
    db_disconnect(holder);
    rest_close();
}
END_TEST

START_TEST(cancelling_ends_the_sign_in_and_registering_again_begins_anew)
{
    char cookie[256];
    open_page(1);
    register_person("anne@hcp.test");
    json_t *link = join_body("anne@hcp.test");
    join("anne@hcp.test", cookie);
    ck_assert_int_eq(rest_status(cookie, "POST", "/api/my/cancel", json_object()), 204);
    ck_assert_int_eq(rest_status(cookie, "GET", "/api/my/registration", NULL), 401);
    rest_problem(NULL, 410, "registration.cancelled", "POST", "/api/join", json_incref(link));
    ck_assert_int_eq(rest_status(NULL, "POST", "/api/join/cancel", link), 204); /* idempotent */
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE message->>'subject' LIKE"
                           " 'Inscription annulée%'"),
                     "1");
    rest_advance(1);
    register_person("anne@hcp.test"); /* the seat is free again */
    ck_assert_str_eq(value("SELECT state || (confirmed_at IS NULL) FROM registration"),
                     "registeredtrue");
    rest_advance(1);
    join("anne@hcp.test", cookie);
    ck_assert_int_eq(rest_status(cookie, "GET", "/api/my/registration", NULL), 200);
    rest_close();
}
END_TEST

START_TEST(the_calendar_entry_grows_newer_with_each_change)
{
    char cookie[256];
    open_page(10);
    for (int i = 0; i < 2; i++) { /* registers and cancels, twice */
        register_person("anne@hcp.test");
        rest_advance(1);
        join("anne@hcp.test", cookie);
        ck_assert_int_eq(rest_status(cookie, "POST", "/api/my/cancel", json_object()), 204);
        rest_advance(1);
    }
    ck_assert_str_eq(value("SELECT string_agg(concat(message->>'method', ' ',"
                           "       substring(message->>'calendar' FROM 'SEQUENCE:([0-9]+)')), ', ' "
                           "ORDER BY created_at)"
                           "  FROM outbox WHERE to_address = 'anne@hcp.test'"),
                     "REQUEST 0, CANCEL 1, REQUEST 2, CANCEL 3");
    rest_close();
}
END_TEST

START_TEST(only_the_person_corrects_the_name)
{
    char cookie[256];
    open_page(10);
    register_person("anne@hcp.test");
    join("anne@hcp.test", cookie);
    json_t *mine = rest_body(cookie, 200, "PATCH", "/api/my/registration",
                             json_pack("{s:s, s:s}", "first_name", "Zoé", "last_name", "Lefèvre"));
    ck_assert_str_eq(rest_text(mine, "first_name"), "Zoé");
    json_decref(mine);
    rest_advance(1);
    register_person("anne@hcp.test"); /* a stranger may type the address */
    ck_assert_str_eq(value("SELECT first_name || ' ' || last_name FROM hcp"), "Zoé Lefèvre");
    ck_assert_str_eq(value("SELECT count(*) FROM audit_log WHERE action = 'registration.rename'"
                           " AND details::text NOT LIKE '%Zoé%'"),
                     "1");
    rest_problem(cookie, 422, "request.invalid", "PATCH", "/api/my/registration",
                 json_pack("{s:s, s:s}", "first_name", "https://x", "last_name", "Lefèvre"));
    ck_assert_int_eq(rest_status(organiser, "PATCH", "/api/my/registration",
                                 json_pack("{s:s, s:s}", "first_name", "A", "last_name", "B")),
                     403);
    rest_close();
}
END_TEST

START_TEST(a_link_is_sent_again_only_to_who_is_registered)
{
    open_page(10);
    register_person("anne@hcp.test");
    json_t *known = rest_body(NULL, 202, "POST", page("/send-link"),
                              json_pack("{s:s}", "email", "anne@hcp.test"));
    json_t *unknown = rest_body(NULL, 202, "POST", page("/send-link"),
                                json_pack("{s:s}", "email", "nobody@hcp.test"));
    ck_assert(json_equal(known, unknown));
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE to_address LIKE '%hcp.test'"), "2");
    for (int i = 0; i < 10; i++)
        rest_status(NULL, "POST", page("/send-link"), json_pack("{s:s}", "email", "anne@hcp.test"));
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE to_address LIKE '%hcp.test'"), "5");
    json_decref(known);
    json_decref(unknown);
    rest_close();
}
END_TEST

START_TEST(a_link_lives_until_a_week_after_the_last_session)
{
    open_page(10);
    register_person("anne@hcp.test");
    ck_assert_str_eq(value("SELECT expires_at = '2026-12-08T19:30:00Z' FROM one_time_link"
                           " WHERE purpose = 'join'"),
                     "t");
    json_t *link = join_body("anne@hcp.test");
    rest_advance(18 * 24 * 3600);
    rest_problem(NULL, 410, "link.expired", "POST", "/api/join", link);
    rest_close();
}
END_TEST

START_TEST(erasing_empties_the_person_and_keeps_the_figures)
{
    char cookie[256], path[256];
    open_page(10);
    register_person("anne@hcp.test");
    join("anne@hcp.test", cookie);
    json_t *data = rest_body(cookie, 200, "GET", "/api/my/data", NULL);
    ck_assert_str_eq(rest_text(json_object_get(data, "person"), "email"), "anne@hcp.test");
    ck_assert_uint_eq(json_array_size(json_object_get(data, "registrations")), 1);
    json_decref(data);
    snprintf(path, sizeof path, "/api/registrations/%s/erase",
             value("SELECT id FROM registration"));
    json_decref(rest_call(organiser, "POST", path, json_object()).body);
    ck_assert_int_eq(rest_status(cookie, "GET", "/api/my/data", NULL), 401);
    ck_assert_str_eq(value("SELECT count(*) FROM hcp WHERE email IS NULL AND first_name = ''"),
                     "1");
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE to_address = 'anne@hcp.test'"
                           " OR message::text LIKE '%Martin%'"),
                     "0");
    ck_assert_str_eq(value("SELECT count(*) FROM registration WHERE profession = '10'"), "1");
    ck_assert_str_eq(value("SELECT count(*) FROM hcp_attributes"), "0");
    rest_advance(1);
    register_person("anne@hcp.test"); /* is a new person now */
    ck_assert_str_eq(value("SELECT count(*) FROM hcp"), "2");
    rest_close();
}
END_TEST

START_TEST(organisers_list_and_search_their_own_registrations)
{
    char other[256], path[256];
    open_page(10);
    rest_organisation("Autre", "autre@labo.test", other);
    register_person("anne@hcp.test");
    rest_advance(1);
    json_t *bob = form("bob@hcp.test");
    json_object_set_new(bob, "last_name", json_string("Durand"));
    json_decref(rest_body(NULL, 202, "POST", page(""), bob));
    snprintf(path, sizeof path, "/api/congresses/%s/registrations", congress_id);
    json_t *all = must(200, "GET", path, NULL);
    ck_assert_uint_eq(json_array_size(json_object_get(all, "items")), 2);
    json_decref(all);
    ck_assert_int_eq(rest_status(other, "GET", path, NULL), 404);
    snprintf(path, sizeof path, "/api/congresses/%s/registrations?q=dUraN", congress_id);
    json_t *found = must(200, "GET", path, NULL);
    json_t *items = json_object_get(found, "items");
    ck_assert_uint_eq(json_array_size(items), 1);
    ck_assert_str_eq(rest_text(json_array_get(items, 0), "email"), "bob@hcp.test");
    const char *id = rest_text(json_array_get(items, 0), "id");
    char cancel[256];
    snprintf(cancel, sizeof cancel, "/api/registrations/%s/cancel", id);
    ck_assert_int_eq(rest_status(other, "POST", cancel, json_object()), 404);
    ck_assert_int_eq(rest_status(organiser, "POST", cancel, json_object()), 204);
    snprintf(cancel, sizeof cancel, "/api/registrations/%s/erase", id);
    ck_assert_int_eq(rest_status(other, "POST", cancel, json_object()), 404);
    json_decref(found);
    snprintf(path, sizeof path, "/api/congresses/%s/registrations?q=%%", congress_id);
    found = must(200, "GET", path, NULL);
    ck_assert_uint_eq(json_array_size(json_object_get(found, "items")), 0);
    json_decref(found);
    snprintf(path, sizeof path, "/api/congresses/%s/links", congress_id);
    ck_assert_int_eq(rest_status(other, "GET", path, NULL), 404);
    rest_close();
}
END_TEST

START_TEST(the_audit_log_tells_of_everything_without_personal_data)
{
    open_page(10);
    register_person("anne@hcp.test");
    json_t *log = must(200, "GET", "/api/audit", NULL);
    json_t *items = json_object_get(log, "items");
    ck_assert_str_eq(rest_text(json_array_get(items, 0), "action"), "registration.create");
    ck_assert_str_eq(rest_text(json_array_get(items, 1), "action"), "link.create");
    ck_assert_str_eq(rest_text(json_array_get(items, 2), "action"), "session.publish");
    char *text = json_dumps(log, 0);
    ck_assert_ptr_null(strstr(text, "anne@"));
    ck_assert_ptr_null(strstr(text, "Martin"));
    free(text);
    json_decref(log);
    rest_close();
}
END_TEST

REST_TESTS("registration", a_registration_is_mailed_and_the_link_opens_it,
           a_known_address_gets_the_same_answer_and_keeps_its_data,
           forms_are_checked_against_the_codes_and_consents_in_force, the_last_seat_is_the_last,
           of_many_at_once_as_many_get_in_as_there_are_seats,
           the_congress_is_locked_for_the_decision_alone,
           cancelling_ends_the_sign_in_and_registering_again_begins_anew,
           the_calendar_entry_grows_newer_with_each_change, only_the_person_corrects_the_name,
           a_link_is_sent_again_only_to_who_is_registered,
           a_link_lives_until_a_week_after_the_last_session,
           erasing_empties_the_person_and_keeps_the_figures,
           organisers_list_and_search_their_own_registrations,
           the_audit_log_tells_of_everything_without_personal_data)
