/* What people do in the test of the one door: commands of a live session, and changes over HTTP,
 * each by chance. Included once. */
#ifndef AMPHI_TESTS_DOOR_ACTS_H
#define AMPHI_TESTS_DOOR_ACTS_H

#include "base/config.h"
#include "features/congress/congress_store.h"
#include "features/polls/polls_store.h"
#include "features/questions/questions.h"
#include "features/registration/registration_store.h"
#include "features/sessions/sessions.h"
#include "features/slides/slides_store.h"
#include "harness/stage.h"
#include "harness/view.h"
#include "unit/run.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VIEWERS 6 /* a host, a moderator, four HCPs */
#define HCPS    4

static const struct feature *const features[] = {&congress_feature,
                                                 &registration_feature,
                                                 &sessions_feature,
                                                 &slides_feature,
                                                 &questions_feature,
                                                 &polls_feature,
                                                 NULL};

static struct stage stage;
static struct config config;

struct viewer {
    uint64_t conn;
    unsigned roles;
    int person;
    size_t read; /* frames that the view has taken */
    struct view view;
};
static struct viewer viewers[VIEWERS];

/* --- chance, the same for each run of a seed --- */

static uint64_t chance;

static unsigned dice(unsigned sides)
{
    chance = chance * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(chance >> 33) % sides;
}

/* --- what there is --- */

#define KNOWN_MOST 400
static struct id polls[KNOWN_MOST], decks[KNOWN_MOST], questions[KNOWN_MOST];
static unsigned polls_known, decks_known, questions_known;

static const char *one_of(const struct id *known, unsigned n, char text[static ID_TEXT_SIZE])
{
    static const struct id nothing;
    return id_text(n ? &known[dice(n)] : &nothing, text);
}

/* --- viewers --- */

static void enter(struct viewer *c)
{
    c->conn = live_open(stage.live, 0, c->roles, c->person);
    c->read = 0;
    view_release(&c->view);
    view_init(&c->view, c->roles & ROLE_STAFF);
    live_wait_answer(stage.live, c->conn,
                     live_ask_join(stage.live, c->conn, &stage.live->session, NULL, 0));
}

static void read_frames(struct viewer *c)
{
    json_t *frames = live_conn(stage.live, c->conn)->frames;
    for (; c->read < json_array_size(frames); c->read++)
        view_take(&c->view, json_array_get(frames, c->read));
}

static void everybody_enters(void)
{
    static const unsigned roles[VIEWERS] = {ROLE_HOST, ROLE_MODERATOR, ROLE_HCP,
                                            ROLE_HCP,  ROLE_HCP,       ROLE_HCP};
    for (int i = 0; i < VIEWERS; i++) {
        viewers[i].roles = roles[i];
        viewers[i].person = roles[i] == ROLE_HCP ? i : 0;
        enter(&viewers[i]);
    }
}

static void command(int client, const char *name, const char *data)
{
    if (!live_conn(stage.live, viewers[client].conn)->closed)
        live_command(stage.live, viewers[client].conn, name, data);
}

static int any_hcp(void)
{
    return VIEWERS - 1 - (int)dice(HCPS);
}

/* --- commands, sent without waiting for their answers --- */

static long long version(void)
{
    json_t *session = json_object_get(viewers[0].view.common, "session");
    return json_integer_value(json_object_get(session, "version"));
}

static void host_session(void)
{
    char data[100];
    snprintf(data, sizeof data, "{\"version\":%lld,\"planned_minutes\":%u}", version(),
             30 + dice(60));
    command(0, "session.extend", data);
}

static void move_slide(void)
{
    char data[128], deck[ID_TEXT_SIZE];
    snprintf(data, sizeof data, "{\"version\":%lld,\"deck\":\"%s\",\"page\":%u}", version(),
             one_of(decks, decks_known, deck), 1 + dice(2));
    command(0, "slide.move", data);
}

static void run_poll(void)
{
    static const char *const verbs[] = {"poll.open", "poll.open", "poll.close", "poll.show_results",
                                        "poll.hide_results"};
    char data[128], poll[ID_TEXT_SIZE];
    snprintf(data, sizeof data, "{\"poll\":\"%s\"}", one_of(polls, polls_known, poll));
    command((int)dice(2), verbs[dice(5)], data);
}

static void vote(void)
{
    char data[128], poll[ID_TEXT_SIZE];
    snprintf(data, sizeof data, "{\"poll\":\"%s\",\"choices\":[%u]}",
             one_of(polls, polls_known, poll), 1 + dice(2));
    command(any_hcp(), "poll.vote", data);
}

static void ask(void)
{
    char data[200], text[ID_TEXT_SIZE];
    if (questions_known == KNOWN_MOST)
        return;
    struct id id = questions[questions_known++] = id_random();
    snprintf(data, sizeof data, "{\"question\":\"%s\",\"text\":\"Why %u?\",\"anonymous\":%s}",
             id_text(&id, text), questions_known, dice(2) ? "true" : "false");
    command(any_hcp(), "question.ask", data);
}

static void moderate(void)
{
    static const char *const verbs[] = {"question.approve", "question.approve", "question.answer",
                                        "question.dismiss"};
    char data[128], question[ID_TEXT_SIZE];
    snprintf(data, sizeof data, "{\"question\":\"%s\"}",
             one_of(questions, questions_known, question));
    command(1, verbs[dice(4)], data);
}

static void vote_question(void)
{
    char data[128], question[ID_TEXT_SIZE];
    snprintf(data, sizeof data, "{\"question\":\"%s\"}",
             one_of(questions, questions_known, question));
    command(any_hcp(), "question.vote", data);
}

/* --- changes over HTTP; what fails, by its state or for want of a connection, changes nothing ---
 */

static enum err ignored;

static void write_poll(void)
{
    struct poll_draft draft = {
        .question = "And?", .choice = POLL_SINGLE, .options = {"Yes", "No"}, .option_count = 2};
    struct change change;
    struct poll *poll = NULL;
    const char *why;
    stage_change(&stage, &change);
    ignored = polls_create(stage.conn, &change, &stage.live->session, &draft, &poll, &why);
    if (poll && polls_known < KNOWN_MOST)
        polls[polls_known++] = poll->id;
    poll_free(poll);
}

static void edit_poll(void)
{
    struct poll_draft draft = {
        .question = "Or?", .choice = -1, .position = 1 + (int)dice(polls_known + 1)};
    struct change change;
    struct poll *poll = NULL;
    if (!polls_known)
        return;
    stage_change(&stage, &change);
    if (dice(4))
        ignored = polls_edit(stage.conn, &change, &polls[dice(polls_known)], &draft, &poll);
    else
        ignored = polls_delete(stage.conn, &change, &polls[dice(polls_known)]);
    poll_free(poll);
}

static void upload_deck(void)
{
    struct deck_upload up = {
        .session = stage.live->session, .file_name = "Talk.pdf", .pdf = {1}, .bytes = 10};
    struct change change;
    struct deck *deck = NULL;
    const char *why;
    stage_change(&stage, &change);
    ignored = deck_create(stage.conn, &change, &up, &deck, &why);
    if (deck && decks_known < KNOWN_MOST)
        decks[decks_known++] = deck->id;
    deck_free(deck);
}

static void render_deck(void)
{
    struct change change;
    if (!decks_known)
        return;
    struct id deck = decks[dice(decks_known)];
    ignored = deck_set_page_count(stage.conn, &deck, 2);
    for (int page = 1; page <= 2; page++)
        ignored = deck_add_page(
            stage.conn, &stage.live->app,
            &(struct page_row){
                .deck = deck, .page = page, .width = 720, .height = 405, .text = "Page"});
    live_change(stage.live, &change, NULL);
    ignored = deck_finish(stage.conn, &change, &stage.live->session, &deck,
                          dice(5) ? NULL : "pdf.broken");
}

static void take_deck_away(void)
{
    struct change change;
    if (!decks_known)
        return;
    stage_change(&stage, &change);
    ignored = deck_remove(stage.conn, &change, &decks[dice(decks_known)]);
}

static void edit_session(void)
{
    char title[30];
    snprintf(title, sizeof title, "Title %u", dice(5));
    struct session_fields fields = {.title = title,
                                    .starts_at = CONGRESS_KEEP,
                                    .planned_minutes = CONGRESS_KEEP,
                                    .capacity = CONGRESS_KEEP,
                                    .threshold_thousandths = CONGRESS_KEEP};
    struct change change;
    json_t *json = NULL;
    stage_change(&stage, &change);
    ignored = session_set(stage.conn, &change, &stage.live->session, &fields, &json);
    json_decref(json);
}

static void edit_congress(void)
{
    char title[30];
    snprintf(title, sizeof title, "Congress %u", dice(5));
    struct congress_fields fields = {.title = title};
    struct change change;
    stage_change(&stage, &change);
    ignored = congress_set(stage.conn, &change, &stage.live->congress, &fields);
}

static void rename_person(void)
{
    struct identity who = audience_organiser();
    struct change change;
    json_t *json = NULL;
    who.roles = ROLE_HCP;
    who.person = audience_person(viewers[any_hcp()].person);
    live_change(stage.live, &change, &who);
    ignored = registration_rename(stage.conn, &change, dice(2) ? "Ada" : "Eve", "New", &json);
    json_decref(json);
}

#endif
