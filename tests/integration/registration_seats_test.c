/* Seats go in the order in which registrations are confirmed. */
#include "integration/registration_calls.h"
#include <pthread.h>

START_TEST(the_last_seat_is_the_last)
{
    open_page(2);
    ask("late@hcp.test"); /* holds no seat */
    json_t *late = join_body("late@hcp.test");
    register_person("a@hcp.test");
    register_person("b@hcp.test");
    json_t *shown = rest_body(NULL, 200, "GET", page(""), NULL);
    ck_assert(json_is_true(json_object_get(shown, "full")));
    json_decref(shown);
    rest_problem(NULL, 409, "registration.full", "POST", "/api/join", json_incref(late));
    rest_problem(NULL, 409, "registration.full", "POST", page(""), form("c@hcp.test"));
    value("DELETE FROM outbox");
    rest_problem(NULL, 409, "registration.full", "POST", page(""), form("a@hcp.test"));
    ck_assert_str_eq(value("SELECT string_agg(to_address, ' ') FROM outbox"), "a@hcp.test");
    ck_assert_str_eq(value("SELECT count(*) FROM hcp"), "2");
    value("UPDATE registration SET state = 'cancelled', cancelled_at = now()"
          " WHERE id = (SELECT id FROM registration LIMIT 1)");
    json_decref(rest_body(NULL, 200, "POST", "/api/join", late)); /* the seat is free again */
    value("UPDATE session SET state = 'ended', live_at = now(), ended_at = now()");
    rest_problem(NULL, 409, "registration.closed", "POST", page(""), form("c@hcp.test"));
    ck_assert_int_eq(rest_status(NULL, "GET", "/api/registration-pages/aaaaaaaaaaaa", NULL), 404);
    rest_close();
}
END_TEST

/* A workshop for two beside a plenary for ten closes the workshop, not the congress. */
START_TEST(a_small_session_does_not_close_the_congress)
{
    char path[256];
    open_page(10);
    snprintf(path, sizeof path, "/api/congresses/%s/sessions", congress_id);
    json_t *workshop = must(201, "POST", path, session_body(1));
    snprintf(path, sizeof path, "/api/sessions/%s/publish", rest_text(workshop, "id"));
    json_decref(must(200, "POST", path, json_object()));
    register_person("a@hcp.test");
    register_person("b@hcp.test");
    json_decref(workshop);
    rest_close();
}
END_TEST

START_TEST(seats_taken_are_those_of_registrations)
{
    char cookie[256];
    open_page(10);
    for (int i = 0; i < 5; i++) {
        char email[40];
        snprintf(email, sizeof email, "%d@hcp.test", i);
        register_person(email);
        join(email, cookie);
        if (i % 2)
            ck_assert_int_eq(rest_status(cookie, "POST", "/api/my/cancel", json_object()), 204);
    }
    ck_assert_str_eq(value("SELECT sum(taken) FROM seats_taken"), "3");
    value("DELETE FROM one_time_link");
    rest_close();
}
END_TEST

/* --- many at once --- */

#define SEATS       3
#define COMERS      8
#define CROWD       40
#define CROWD_SEATS 25

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
    uint8_t link[TOKEN_HASH_SIZE];
    struct join_result result;
    enum err err;
};

/* Confirms. */
static void *comes(void *arg)
{
    struct comer *comer = arg;
    const char *why = NULL;
    struct db_conn *conn = db_connect(rest.url, &why);
    struct change change;
    struct join_wish wish = {.base_url = REST_BASE, .at = REST_NOW};
    char token[TOKEN_TEXT_SIZE];
    uint8_t hash[TOKEN_HASH_SIZE];
    token_new(token, hash);
    change_init(&change, &rest.app, NULL, REST_NOW);
    comer->err = registration_join(conn, &change, comer->link, hash, &wish, &comer->result);
    json_decref(comer->result.mine);
    db_disconnect(conn);
    return NULL;
}

static void prepare(struct comer *comer, int n)
{
    *comer = (struct comer){.err = ERR_INTERNAL};
    snprintf(comer->email, sizeof comer->email, "comer-%d@hcp.test", n);
    ask(comer->email);
    ck_assert(token_hash(rest_mailed_token(comer->email, "join"), comer->link));
}

static void start(struct comer *comer, int n)
{
    prepare(comer, n);
    pthread_create(&comer->thread, NULL, comes, comer);
}

START_TEST(of_many_at_once_as_many_get_in_as_there_are_seats)
{
    open_page(SEATS);
    struct comer comers[COMERS];
    int in = 0, full = 0;
    const char *why = NULL;
    struct db_conn *holder = db_connect(rest.url, &why); /* so that they come at one moment */
    ck_assert_int_eq(db_begin(holder), ERR_OK);
    ck_assert_int_eq(db_exec(holder, "LOCK TABLE hcp IN SHARE MODE", ""), ERR_OK);
    for (int i = 0; i < COMERS; i++)
        start(&comers[i], i);
    db_rollback(holder);
    db_disconnect(holder);
    for (int i = 0; i < COMERS; i++) {
        pthread_join(comers[i].thread, NULL);
        ck_assert_int_eq(comers[i].err, ERR_OK);
        in += comers[i].result.refusal == REGISTRATION_OK;
        full += comers[i].result.refusal == REGISTRATION_FULL;
    }
    ck_assert_int_eq(in, SEATS);
    ck_assert_int_eq(full, COMERS - SEATS);
    ck_assert_str_eq(value("SELECT count(*) FROM registration WHERE state = 'registered'"), "3");
    ck_assert_str_eq(value("SELECT sum(taken) FROM seats_taken"), "3");
    ck_assert_str_eq(value("SELECT count(*) FROM hcp"), "3"); /* who did not get in is not known */
    rest_close();
}
END_TEST

/* Somebody decides about the last seats: another's mail is composed all the same, and only the
 * decision waits. */
START_TEST(who_confirms_waits_for_the_decision_alone)
{
    open_page(SEATS);
    const char *why = NULL;
    struct db_conn *holder = db_connect(rest.url, &why);
    struct comer comer;
    bool open, full;
    struct id congress;
    ck_assert(id_parse(congress_id, &congress));
    ck_assert_int_eq(db_begin(holder), ERR_OK);
    ck_assert_int_eq(seats_decide(holder, &congress, &open, &full), ERR_OK);
    start(&comer, 1);
    ck_assert(wait_for(holds_outbox, NULL, 10)); /* its mail is queued, in its transaction */
    ck_assert_str_eq(value("SELECT count(*) FROM registration"), "0");
    db_rollback(holder);
    pthread_join(comer.thread, NULL);
    ck_assert_int_eq(comer.result.refusal, REGISTRATION_OK);
    ck_assert_str_eq(value("SELECT count(*) FROM registration"), "1");
    db_disconnect(holder);
    rest_close();
}
END_TEST

/* While there is room for all who decide, nobody waits for anybody: seats are plenty, or those
 * who decide are counted. */
static void decide_side_by_side(int seats)
{
    open_page(seats);
    const char *why = NULL;
    struct db_conn *holder = db_connect(rest.url, &why);
    struct comer comer;
    bool open, full;
    struct id congress;
    ck_assert(id_parse(congress_id, &congress));
    ck_assert_int_eq(db_begin(holder), ERR_OK);
    ck_assert_int_eq(seats_decide(holder, &congress, &open, &full), ERR_OK);
    start(&comer, 1);
    pthread_join(comer.thread, NULL); /* while another has not committed */
    ck_assert_int_eq(comer.result.refusal, REGISTRATION_OK);
    db_rollback(holder);
    db_disconnect(holder);
    rest_close();
}

START_TEST(plenty_of_seats_are_given_side_by_side)
{
    decide_side_by_side(5000);
}
END_TEST

START_TEST(few_seats_are_given_side_by_side_too)
{
    decide_side_by_side(20);
}
END_TEST

/* They begin side by side and end one by one. Whoever came too late to be counted asks again. */
START_TEST(a_crowd_takes_exactly_the_seats_there_are)
{
    open_page(CROWD_SEATS);
    struct comer comers[CROWD];
    int in = 0, full = 0;
    for (int i = 0; i < CROWD; i++)
        prepare(&comers[i], i);
    for (int i = 0; i < CROWD; i++)
        pthread_create(&comers[i].thread, NULL, comes, &comers[i]);
    for (int i = 0; i < CROWD; i++) {
        pthread_join(comers[i].thread, NULL);
        while (comers[i].err == ERR_RETRY)
            comes(&comers[i]);
        ck_assert_int_eq(comers[i].err, ERR_OK);
        in += comers[i].result.refusal == REGISTRATION_OK;
        full += comers[i].result.refusal == REGISTRATION_FULL;
    }
    ck_assert_int_eq(in, CROWD_SEATS);
    ck_assert_int_eq(full, CROWD - CROWD_SEATS);
    ck_assert_str_eq(value("SELECT count(*) FROM registration WHERE state = 'registered'"), "25");
    ck_assert_str_eq(value("SELECT sum(taken) FROM seats_taken"), "25");
    rest_close();
}
END_TEST

REST_TESTS("registration_seats", the_last_seat_is_the_last,
           a_small_session_does_not_close_the_congress, seats_taken_are_those_of_registrations,
           of_many_at_once_as_many_get_in_as_there_are_seats,
           who_confirms_waits_for_the_decision_alone, plenty_of_seats_are_given_side_by_side,
           few_seats_are_given_side_by_side_too, a_crowd_takes_exactly_the_seats_there_are)
