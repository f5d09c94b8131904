/* The questions' rules, and that what is read and written is what PROTOCOL.md says (golden files).
 */
#include "base/identity.h"
#include "base/mem.h"
#include "features/questions/questions.h"
#include "harness/golden.h"
#include "unit/run.h"
#include <string.h>

#define ASKED_AT 1795284000000000LL /* 2026-11-21T18:00:00Z */

static const struct id ada = {{1}}, benoit = {{2}}, carl = {{3}};

static const char *const texts[] = {"Does it work above 75?",
                                    "Et en cas d'insuffisance r\xc3\xa9nale ?\nMerci.", "Off topic",
                                    "What about \"combination\" therapy? \xf0\x9f\x98\x80"};

static struct question *question_of(int n, const struct id *who, enum question_state state)
{
    struct question *q = question_new();
    char text[] = "7d0e1f1a-0c1b-4e6a-8239-5f3c5b7d010x";
    text[35] = (char)('0' + n);
    ck_assert(id_parse(text, &q->id));
    q->person = *who;
    q->text = mem_strdup(texts[n]);
    q->author = mem_strdup(id_equal(who, &ada) ? "Ada Lovelace" : "Beno\xc3\xaet Mandelbrot");
    q->anonymous = n == 1;
    q->state = state;
    q->asked_at = ASKED_AT + n * 60000000LL;
    return q;
}

/* What the golden snapshots show. */
static void fill(struct questions *all)
{
    questions_init(all);
    questions_add(all, question_of(0, &ada, QUESTION_ASKED));
    questions_add(all, question_of(1, &benoit, QUESTION_APPROVED));
    questions_add(all, question_of(2, &benoit, QUESTION_DISMISSED));
    questions_add(all, question_of(3, &ada, QUESTION_ANSWERED));
    questions_count(all, all->items[1], &ada);
    questions_count(all, all->items[1], &carl);
    questions_count(all, all->items[3], &carl);
    all->staged = all->items[1];
}

START_TEST(moderation_goes_only_the_ways_of_the_protocol)
{
    static const bool allowed[4][4] = {
        [QUESTION_ASKED] = {false, true, true, true},
        [QUESTION_APPROVED] = {false, false, true, true},
        [QUESTION_ANSWERED] = {false, false, false, false},
        [QUESTION_DISMISSED] = {false, true, false, false},
    };
    for (int from = 0; from < 4; from++)
        for (int to = 0; to < 4; to++)
            ck_assert_int_eq(
                question_may_become((enum question_state)from, (enum question_state)to),
                allowed[from][to]);
}
END_TEST

START_TEST(hcps_are_told_what_becomes_visible_and_what_does_not)
{
    static const struct {
        enum question_state from, to;
        const char *type;
    } cases[] = {
        {QUESTION_ASKED, QUESTION_APPROVED, "question.shown"},
        {QUESTION_ASKED, QUESTION_ANSWERED, "question.shown"},
        {QUESTION_ASKED, QUESTION_DISMISSED, NULL},
        {QUESTION_APPROVED, QUESTION_ANSWERED, "question.closed"},
        {QUESTION_APPROVED, QUESTION_DISMISSED, "question.hidden"},
        {QUESTION_DISMISSED, QUESTION_APPROVED, "question.shown"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *type = question_hcp_event_type(cases[i].from, cases[i].to);
        ck_assert_msg(!type == !cases[i].type, "case %zu", i);
        if (type)
            ck_assert_str_eq(type, cases[i].type);
    }
}
END_TEST

START_TEST(votes_count_once_for_approved_questions_of_others)
{
    struct questions all;
    fill(&all);
    struct question *approved = all.items[1];
    ck_assert_ptr_null(question_vote_refused(approved, &ada));
    ck_assert_str_eq(question_vote_refused(approved, &benoit), "question.own");
    ck_assert_str_eq(question_vote_refused(all.items[0], &carl), "question.state");
    ck_assert_str_eq(question_vote_refused(all.items[2], &carl), "question.state");
    ck_assert_str_eq(question_vote_refused(all.items[3], &carl), "question.state");
    ck_assert(!questions_count(&all, approved, &ada));
    ck_assert_int_eq(approved->votes, 2);
    ck_assert(questions_voted(&all, approved, &carl));
    ck_assert(!questions_voted(&all, approved, &benoit));
    questions_release(&all);
}
END_TEST

START_TEST(questions_need_a_lobby_or_a_live_session)
{
    ck_assert_ptr_null(question_ask_refused(SESSION_LOBBY));
    ck_assert_ptr_null(question_ask_refused(SESSION_LIVE));
    ck_assert_str_eq(question_ask_refused(SESSION_DRAFT), "session.state");
    ck_assert_str_eq(question_ask_refused(SESSION_ENDED), "session.state");
    ck_assert_str_eq(question_ask_refused(SESSION_CANCELLED), "session.state");
}
END_TEST

START_TEST(the_same_question_is_of_the_same_person_and_text)
{
    struct question *q = question_of(0, &ada, QUESTION_ASKED);
    ck_assert(question_same(q, &ada, texts[0], false));
    ck_assert(!question_same(q, &ada, texts[1], false));
    ck_assert(!question_same(q, &ada, texts[0], true));
    ck_assert(!question_same(q, &benoit, texts[0], false));
    question_free(q);
}
END_TEST

START_TEST(nobody_asks_without_bound)
{
    struct questions all;
    questions_init(&all);
    for (int i = 0; i < QUESTIONS_PER_PERSON; i++) {
        ck_assert(!questions_full(&all, &ada));
        struct question *q = question_of(0, &ada, QUESTION_ASKED);
        q->id = id_random();
        questions_add(&all, q);
    }
    ck_assert(questions_full(&all, &ada));
    ck_assert(!questions_full(&all, &benoit));
    questions_release(&all);
}
END_TEST

START_TEST(a_snapshot_has_the_newest_500)
{
    struct questions all;
    questions_init(&all);
    for (int i = 0; i < 700; i++) {
        struct id who = id_random();
        struct question *q =
            question_of(0, &who, i % 7 == 0 ? QUESTION_DISMISSED : QUESTION_APPROVED);
        q->id = id_random();
        q->asked_at += i;
        questions_add(&all, q);
    }
    for (int staff = 0; staff < 2; staff++) {
        json_t *list = questions_json(&all, staff ? ROLE_STAFF : ROLE_HCP);
        ck_assert_uint_eq(json_array_size(list), QUESTIONS_SHOWN);
        char last[ID_TEXT_SIZE];
        id_text(&all.items[699]->id, last);
        const json_t *item = json_array_get(list, QUESTIONS_SHOWN - 1);
        ck_assert_str_eq(json_string_value(json_object_get(item, "id")), last);
        json_decref(list);
    }
    all.staged = all.items[1]; /* before those: comes first */
    json_t *list = questions_json(&all, ROLE_HCP);
    ck_assert_uint_eq(json_array_size(list), QUESTIONS_SHOWN + 1);
    ck_assert(json_is_true(json_object_get(json_array_get(list, 0), "staged")));
    json_decref(list);
    questions_release(&all);
}
END_TEST

START_TEST(what_is_written_is_what_the_golden_files_say)
{
    struct questions all;
    fill(&all);
    ck_assert(
        golden_is("questions", "snapshot.hcp", "common.questions", questions_json(&all, ROLE_HCP)));
    ck_assert(
        golden_is("questions", "snapshot.hcp", "own.questions", questions_own_json(&all, &ada)));
    ck_assert(golden_is("questions", "snapshot.staff", "common.questions",
                        questions_json(&all, ROLE_MODERATOR)));
    struct id nobody = id_random();
    ck_assert(golden_is("questions", "snapshot.staff", "own.questions",
                        questions_own_json(&all, &nobody)));
    ck_assert(golden_is("questions", "question.asked", "data.question",
                        question_json(all.items[0], ROLE_STAFF)));
    ck_assert(
        golden_is("questions", "question.changed", "data", question_changed_json(all.items[1])));
    ck_assert(golden_is("questions", "question.shown", "data",
                        question_hcp_event_json(all.items[1], "question.shown")));
    ck_assert(golden_is("questions", "question.closed", "data",
                        question_hcp_event_json(all.items[3], "question.closed")));
    ck_assert(golden_is("questions", "question.hidden", "data",
                        question_hcp_event_json(all.items[1], "question.hidden")));
    ck_assert(golden_is("questions", "question.votes", "data", question_votes_json(all.items[1])));
    questions_release(&all);
}
END_TEST

START_TEST(the_name_of_who_asked_anonymously_is_for_staff_only)
{
    struct question *q = question_of(1, &benoit, QUESTION_APPROVED);
    json_t *hcp = question_json(q, ROLE_HCP), *staff = question_json(q, ROLE_SPEAKER);
    ck_assert(json_is_null(json_object_get(hcp, "author")));
    ck_assert(json_is_string(json_object_get(staff, "author")));
    json_decref(hcp);
    json_decref(staff);
    free(q->author);
    q->author = NULL; /* erased */
    staff = question_json(q, ROLE_HOST);
    ck_assert(json_is_null(json_object_get(staff, "author")));
    json_decref(staff);
    question_free(q);
}
END_TEST

START_TEST(a_question_is_read_strictly)
{
    json_t *frame = golden("questions", "question.ask");
    json_t *data = json_object_get(frame, "data");
    json_object_del(data, "question"); /* ids are read by the dispatcher */
    struct json_reader r = json_reader(data);
    struct question_draft draft = question_draft_read(&r);
    ck_assert(json_reader_end(&r));
    ck_assert_str_eq(draft.text, texts[0]);
    ck_assert(!draft.anonymous);
    json_decref(frame);

    char longest[QUESTION_TEXT_MAX + 2];
    memset(longest, 'x', sizeof longest);
    longest[QUESTION_TEXT_MAX + 1] = '\0';
    static const char *const reasons[] = {"too short", "too long", "missing", "wrong type"};
    for (int i = 0; i < 4; i++) {
        data = json_pack("{s:s,s:b}", "text",
                         i == 0   ? ""
                         : i == 1 ? longest
                                  : "ok",
                         "anonymous", 0);
        if (i == 2)
            json_object_del(data, "anonymous");
        if (i == 3)
            json_object_set_new(data, "anonymous", json_integer(0));
        r = json_reader(data);
        question_draft_read(&r);
        ck_assert(!json_reader_end(&r));
        ck_assert_str_eq(r.reason, reasons[i]);
        json_decref(data);
    }
    static const char *const blank[] = {"   ", "\n \t", "\u3164", "\u00a0\u200b", "\ufeff"};
    for (size_t i = 0; i < sizeof blank / sizeof *blank; i++) {
        data = json_pack("{s:s,s:b}", "text", blank[i], "anonymous", 0);
        r = json_reader(data);
        question_draft_read(&r);
        ck_assert_msg(!json_reader_end(&r), "%zu is a question", i);
        json_decref(data);
    }
}
END_TEST

RUN_TESTS("questions", moderation_goes_only_the_ways_of_the_protocol,
          hcps_are_told_what_becomes_visible_and_what_does_not,
          votes_count_once_for_approved_questions_of_others,
          questions_need_a_lobby_or_a_live_session,
          the_same_question_is_of_the_same_person_and_text, nobody_asks_without_bound,
          a_snapshot_has_the_newest_500, what_is_written_is_what_the_golden_files_say,
          the_name_of_who_asked_anonymously_is_for_staff_only, a_question_is_read_strictly)
