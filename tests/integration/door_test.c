/* One door for what happened. Random commands and HTTP changes of one session, in every order, with
 * lost connections and restarts between them: afterwards what every client made of its events is
 * what a fresh snapshot says, and the session's log, replayed into an empty room, gives the same as
 * the database. */
#include "harness/pg.h"
#include "integration/door_acts.h"
#include "room/home/home.h"

#define ROUNDS 12
#define STEPS  25

/* --- what breaks --- */

static void reconnect(void)
{
    const char *why;
    db_disconnect(stage.conn);
    stage.conn = db_connect(stage.url, &why);
    ck_assert_ptr_nonnull(stage.conn);
}

/* Every connection of the server, whatever it is doing. */
static void kill_connections(void)
{
    pg_sql(stage.url, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                      " WHERE datname = current_database() AND pid <> pg_backend_pid()");
    reconnect();
}

static struct room *room_of(struct live *live)
{
    return map_get(&live->peers[0]->rooms->by_session, &live->session);
}

static bool is_quiet(struct live *live, void *arg)
{
    (void)arg;
    const struct room *room = room_of(live);
    const struct door *door = &room->own->door;
    clock_advance(live->clock, 100 * US_PER_MS);
    return room->own->holds == 0 && lane_waiting(room->lane) == 0 && list_empty(&door->pending) &&
           !door->look && !door->healing;
}

/* Votes, questions, and the host's command, which is sure to be carried out; again until one of
 * them waits: the server may not have read its configuration yet, or connections are not back. */
static bool commit_waits(struct live *live, void *arg)
{
    (void)arg;
    if (pg_holds_a_commit(stage.url))
        return true;
    if (is_quiet(live, NULL)) {
        read_frames(&viewers[0]);
        host_session();
        for (int i = 0; i < 8; i++)
            vote();
        ask();
        vote_question();
    }
    return false;
}

static void lose_answers(void)
{
    pg_hold_commits(stage.url);
    ck_assert(live_until(stage.live, commit_waits, NULL));
    pg_lose_held_commits(stage.url);
}

static void let_it_run(void)
{
    stage_pass(&stage, (int)dice(120));
    for (int i = 0; i < VIEWERS; i++)
        read_frames(&viewers[i]);
}

static void step(bool breaks)
{
    static void (*const steps[])(void) = {
        host_session,  move_slide,     move_slide,   run_poll,      run_poll,      run_poll,
        vote,          vote,           vote,         ask,           ask,           moderate,
        moderate,      moderate,       write_poll,   write_poll,    edit_poll,     upload_deck,
        render_deck,   render_deck,    edit_session, edit_congress, vote_question, vote_question,
        rename_person, take_deck_away, let_it_run,   let_it_run,    let_it_run,    let_it_run};
    unsigned n = sizeof steps / sizeof *steps;
    if (breaks && !dice(20))
        kill_connections();
    else if (breaks && !dice(20))
        lose_answers();
    else
        steps[dice(n)]();
}

/* --- afterwards --- */

static void come_to_rest(void)
{
    char last[40];
    ck_assert(live_until(stage.live, is_quiet, NULL));
    for (int i = 0; i < 5; i++) /* votes and tallies are told a moment later */
        stage_pass(&stage, 200);
    snprintf(last, sizeof last, "%lld", (long long)room_of(stage.live)->seq);
    ck_assert_str_eq(pg_sql(stage.url, "SELECT seq FROM session WHERE title <> 'Session'"), last);
}

static void views_are_fresh(unsigned seed, int round)
{
    for (int i = 0; i < VIEWERS; i++) {
        struct viewer fresh = {.roles = viewers[i].roles, .person = viewers[i].person};
        read_frames(&viewers[i]);
        enter(&fresh);
        live_run(stage.live);
        read_frames(&fresh);
        char *difference = view_difference(&viewers[i].view, &fresh.view);
        if (difference) /* longer than a message of check may be */
            fprintf(stderr, "%s\n", difference);
        ck_assert_msg(!difference, "seed %u, round %d, viewer %d", seed, round, i);
        view_release(&fresh.view);
        live_close(stage.live, fresh.conn, clock_now_us(stage.live->clock));
    }
}

/* --- the log alone --- */

static void open_empty(struct room_opening *opening)
{
    room_opening_done(opening, ERR_OK);
}

/* The log, and what is counted but not logged, into a room that was opened with nothing. */
static void replay(struct live *live)
{
    struct room *room = room_of(live);
    struct list events;
    list_init(&events);
    ck_assert_int_eq(log_read(stage.conn, live->app.events, &live->session, 0, 1 << 20, &events),
                     ERR_OK);
    room_take(room, &events);
    for (size_t i = 0; features[i]; i++) {
        void *counted = NULL;
        if (!features[i]->count.load)
            continue;
        ck_assert_int_eq(features[i]->count.load(stage.conn, &live->session, &counted), ERR_OK);
        features[i]->count.take(room, counted);
    }
    room_touch(room);
}

static json_t *common_of(struct live *live, unsigned roles)
{
    json_t *common = json_object();
    for (size_t i = 0; features[i]; i++)
        if (features[i]->snapshot)
            features[i]->snapshot(room_of(live), roles, common);
    return common;
}

static void log_gives_the_database(unsigned seed)
{
    static const unsigned readers[] = {ROLE_STAFF, ROLE_HCP};
    stage_restart(&stage, features); /* what the database has */
    stage_hcp(&stage, 1);
    struct live *empty = live_new_opened(features, stage.db, open_empty);
    empty->session = stage.live->session;
    live_join_nobody(empty);
    replay(empty);
    for (int i = 0; i < 2; i++) {
        json_t *have = common_of(empty, readers[i]), *want = common_of(stage.live, readers[i]);
        char *a = json_dumps(have, JSON_SORT_KEYS | JSON_INDENT(1));
        char *b = json_dumps(want, JSON_SORT_KEYS | JSON_INDENT(1));
        if (!json_equal(have, want))
            fprintf(stderr, "replayed\n%s\nin the database\n%s\n", a, b);
        ck_assert_msg(json_equal(have, want), "seed %u", seed);
        free(a);
        free(b);
        json_decref(have);
        json_decref(want);
    }
    live_free(empty);
}

/* --- the tests --- */

/* A session of its own, made and published as HTTP does. */
static void make_session(void)
{
    struct session_fields fields = {.title = "Title",
                                    .description = "",
                                    .language = "en",
                                    .listen_at = "",
                                    .starts_at = LIVE_START,
                                    .planned_minutes = 60,
                                    .capacity = 100,
                                    .threshold_thousandths = CONGRESS_KEEP};
    struct change change;
    json_t *json = NULL;
    stage_change(&stage, &change);
    ck_assert_int_eq(session_add(stage.conn, &change, &stage.live->congress, &fields, &json),
                     ERR_OK);
    ck_assert(id_parse(json_string_value(json_object_get(json, "id")), &stage.live->session));
    json_decref(json);
    stage_change(&stage, &change);
    ck_assert_int_eq(session_publish(stage.conn, &change, &stage.live->session, &json), ERR_OK);
    json_decref(json);
}

/* breaks: a cluster that may break, NULL: nothing does. */
static void play(unsigned seed, struct pg *breaks)
{
    chance = seed;
    polls_known = decks_known = questions_known = 0;
    config = (struct config){.slide_spread_ms = 1000};
    stage_open_in(&stage, breaks ? pg_database(breaks, true) : pg_test_database(), features);
    stage.live->app.config = &config;
    make_session();
    everybody_enters();
    stage_code(&stage, viewers[0].conn, "session.start", "{\"version\":0}");
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < STEPS; i++)
            step(breaks != NULL);
        if (breaks) /* at the end, where no later event shows that something is missing */
            lose_answers();
        come_to_rest();
        views_are_fresh(seed, round);
        if (dice(4) == 0) { /* a restart between */
            struct id session = stage.live->session;
            stage_restart(&stage, features);
            stage.live->session = session;
            stage.live->app.config = &config;
            everybody_enters();
        }
    }
    log_gives_the_database(seed);
    for (int i = 0; i < VIEWERS; i++)
        view_release(&viewers[i].view);
    stage_close(&stage);
}

START_TEST(every_client_sees_what_a_fresh_snapshot_says)
{
    play(1, NULL);
    play(2, NULL);
}
END_TEST

START_TEST(lost_answers_are_found_in_the_log)
{
    struct pg *pg = pg_start(false);
    play(3, pg);
    play(4, pg);
    pg_stop(pg);
}
END_TEST

/* AMPHI_DOOR_SEEDS=100 plays so many more. */
START_TEST(many_more_when_asked)
{
    const char *more = getenv("AMPHI_DOOR_SEEDS");
    struct pg *pg = more ? pg_start(false) : NULL;
    for (unsigned seed = 100; more && seed < 100 + (unsigned)atoi(more); seed++)
        play(seed, seed % 2 ? pg : NULL);
    if (pg)
        pg_stop(pg);
}
END_TEST

int main(void)
{
    pg_setup();
    return run_tests("one door",
                     (const TTest *const[]){every_client_sees_what_a_fresh_snapshot_says,
                                            lost_answers_are_found_in_the_log, many_more_when_asked,
                                            NULL});
}
