/* The polls' rules, and that what is read and written is what PROTOCOL.md says (golden files). */
#include "base/identity.h"
#include "base/mem.h"
#include "features/polls/polls.h"
#include "harness/golden.h"
#include "unit/run.h"
#include <string.h>

#define GOLDEN_AT 1795284450000000LL /* 2026-11-21T18:07:30Z */

static struct id id_of(const char *text)
{
    struct id id;
    ck_assert(id_parse(text, &id));
    return id;
}

static struct id person(int n)
{
    return (struct id){.bytes = {1, (uint8_t)n, (uint8_t)(n >> 8)}};
}

static struct poll *poll_of(char last, int position, enum poll_state state, enum poll_choice choice,
                            const char *question, const char *const *options)
{
    struct poll *p = poll_new();
    char text[] = "5f0c1b1e-6a52-4c39-9d0e-1f1a3c5b7d0x";
    text[35] = last;
    p->id = id_of(text);
    p->position = position;
    p->state = state;
    p->choice = choice;
    p->question = mem_strdup(question);
    if (state != POLL_DRAFT)
        p->opened_at = GOLDEN_AT - 149750000;
    if (state == POLL_CLOSED)
        p->closed_at = GOLDEN_AT;
    p->results_shown = state == POLL_CLOSED;
    while (options[p->option_count]) {
        p->options[p->option_count] = mem_strdup(options[p->option_count]);
        p->option_count++;
    }
    return p;
}

static struct poll *open_poll(void)
{
    static const char *const options[] = {"Adherence", "R\xc3\xa9sistance", "Side effects", NULL};
    return poll_of('1', 1, POLL_OPEN, POLL_MULTIPLE, "What keeps you from prescribing it?",
                   options);
}
static struct poll *draft_poll(void)
{
    static const char *const options[] = {"Yes", "No", NULL};
    return poll_of('2', 2, POLL_DRAFT, POLL_SINGLE, "Would you?", options);
}
static struct poll *closed_poll(void)
{
    static const char *const options[] = {"Oui", "Non", NULL};
    return poll_of('3', 3, POLL_CLOSED, POLL_SINGLE, "\xc2\xab Encore \xc2\xbb ?", options);
}

START_TEST(a_vote_counts_once_and_the_first_is_final)
{
    struct poll *p = open_poll();
    struct id a = person(1), b = person(2);
    ck_assert(poll_count(p, &a, 5));
    ck_assert(!poll_count(p, &a, 5));
    ck_assert(!poll_count(p, &a, 2));
    ck_assert(!poll_count(p, &b, 0));
    ck_assert(poll_count(p, &b, 3));
    ck_assert_uint_eq(poll_vote_of(p, &a), 5);
    ck_assert_uint_eq(p->votes.len, 2);
    ck_assert_int_eq(p->counts[0], 2);
    ck_assert_int_eq(p->counts[1], 1);
    ck_assert_int_eq(p->counts[2], 1);
    poll_free(p);
}
END_TEST

START_TEST(the_state_decides_what_may_happen)
{
    static const struct {
        enum poll_state state;
        enum poll_op op;
        enum session_state session;
        const char *refused;
    } cases[] = {
        {POLL_DRAFT, POLL_OP_OPEN, SESSION_LIVE, NULL},
        {POLL_DRAFT, POLL_OP_OPEN, SESSION_LOBBY, "session.state"},
        {POLL_DRAFT, POLL_OP_OPEN, SESSION_ENDED, "session.state"},
        {POLL_OPEN, POLL_OP_OPEN, SESSION_LIVE, "poll.state"},
        {POLL_CLOSED, POLL_OP_OPEN, SESSION_LIVE, "poll.state"},
        {POLL_OPEN, POLL_OP_CLOSE, SESSION_LIVE, NULL},
        {POLL_OPEN, POLL_OP_CLOSE, SESSION_ENDED, NULL},
        {POLL_DRAFT, POLL_OP_CLOSE, SESSION_LIVE, "poll.state"},
        {POLL_CLOSED, POLL_OP_CLOSE, SESSION_LIVE, "poll.state"},
        {POLL_DRAFT, POLL_OP_SHOW, SESSION_LIVE, "poll.state"},
        {POLL_OPEN, POLL_OP_SHOW, SESSION_LIVE, NULL},
        {POLL_CLOSED, POLL_OP_SHOW, SESSION_ENDED, NULL},
        {POLL_DRAFT, POLL_OP_HIDE, SESSION_LIVE, "poll.state"},
        {POLL_CLOSED, POLL_OP_HIDE, SESSION_LIVE, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct poll p = {.state = cases[i].state};
        const char *refused = poll_op_refused(&p, cases[i].op, cases[i].session);
        ck_assert_msg(!refused == !cases[i].refused, "case %zu", i);
        if (refused)
            ck_assert_str_eq(refused, cases[i].refused);
    }
}
END_TEST

START_TEST(only_options_that_exist_can_be_chosen)
{
    static const struct {
        enum poll_choice choice;
        uint32_t choices;
        const char *refused;
    } cases[] = {
        {POLL_SINGLE, 1, NULL},
        {POLL_SINGLE, 4, NULL},
        {POLL_SINGLE, 3, "poll.choice"},
        {POLL_SINGLE, 0, "poll.choice"},
        {POLL_SINGLE, 8, "poll.choice"},
        {POLL_MULTIPLE, 7, NULL},
        {POLL_MULTIPLE, 2, NULL},
        {POLL_MULTIPLE, 0, "poll.choice"},
        {POLL_MULTIPLE, 9, "poll.choice"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct poll p = {.state = POLL_OPEN, .choice = cases[i].choice, .option_count = 3};
        const char *refused = poll_vote_refused(&p, cases[i].choices);
        ck_assert_msg(!refused == !cases[i].refused, "case %zu", i);
        p.state = POLL_CLOSED;
        ck_assert_str_eq(poll_vote_refused(&p, cases[i].choices), "poll.closed");
    }
}
END_TEST

START_TEST(choices_are_ascending_positions)
{
    static const struct {
        const char *data;
        uint32_t choices;
        const char *reason;
    } cases[] = {
        {"{\"choices\":[1,3]}", 5, NULL},
        {"{\"choices\":[20]}", 1 << 19, NULL},
        {"{\"choices\":[]}", 0, NULL}, /* the rule answers poll.choice */
        {"{\"choices\":[3,1]}", 0, "not ascending"},
        {"{\"choices\":[1,1]}", 0, "not ascending"},
        {"{\"choices\":[0]}", 0, "out of range"},
        {"{\"choices\":[21]}", 0, "out of range"},
        {"{\"choices\":[-1]}", 0, "out of range"},
        {"{\"choices\":[1.0]}", 0, "wrong type"},
        {"{\"choices\":[\"1\"]}", 0, "wrong type"},
        {"{\"choices\":1}", 0, "wrong type"},
        {"{\"choices\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21]}", 0, "too long"},
        {"{}", 0, "missing"},
        {"{\"choices\":[1],\"more\":1}", 1, "unknown"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *data = json_parse(cases[i].data, strlen(cases[i].data));
        struct json_reader r = json_reader(data);
        ck_assert_uint_eq(poll_choices_read(&r, "choices"), cases[i].choices);
        ck_assert_msg(json_reader_end(&r) == !cases[i].reason, "case %zu", i);
        if (cases[i].reason)
            ck_assert_str_eq(r.reason, cases[i].reason);
        json_decref(data);
    }
}
END_TEST

START_TEST(results_decide_who_sees_the_tally)
{
    struct poll p = {.state = POLL_OPEN};
    ck_assert_uint_eq(poll_tally_audience(&p), ROLE_STAFF);
    p.results_shown = true;
    ck_assert_uint_eq(poll_tally_audience(&p), ROLE_ANY);
}
END_TEST

START_TEST(a_tally_is_due_five_times_a_second_at_most)
{
    struct poll p = {.tally_at = 1000000};
    ck_assert(!poll_tally_due(&p, 9000000));
    p.tally_changed = true;
    ck_assert(!poll_tally_due(&p, 1199999));
    ck_assert(poll_tally_due(&p, 1200000));
}
END_TEST

START_TEST(what_is_written_is_what_the_golden_files_say)
{
    struct polls all = {0};
    polls_add(&all, closed_poll());
    polls_add(&all, open_poll());
    polls_add(&all, draft_poll());
    struct poll *open = all.items[0], *draft = all.items[1], *closed = all.items[2];
    struct id a = person(1), b = person(2), c = person(3);
    poll_count(open, &a, 5);
    poll_count(open, &b, 5);
    poll_count(open, &c, 2);
    ck_assert(golden_is("polls", "snapshot.hcp", "common.polls", polls_json(&all, ROLE_HCP)));
    ck_assert(golden_is("polls", "snapshot.hcp", "own.polls", polls_own_json(&all, &a)));
    ck_assert(golden_is("polls", "snapshot.staff", "common.polls", polls_json(&all, ROLE_HOST)));
    struct id nobody = person(9);
    ck_assert(golden_is("polls", "snapshot.staff", "own.polls", polls_own_json(&all, &nobody)));
    ck_assert(golden_is("polls", "poll.tally", "data", poll_tally_json(open)));
    ck_assert(golden_is("polls", "poll.vote.ok", "ok.choices", poll_choices_json(5)));
    ck_assert(golden_is("polls", "poll.opened", "data", poll_event_json(open, POLL_OP_OPEN)));
    ck_assert(golden_is("polls", "poll.closed", "data", poll_event_json(closed, POLL_OP_CLOSE)));
    ck_assert(
        golden_is("polls", "poll.results_shown", "data", poll_event_json(closed, POLL_OP_SHOW)));
    ck_assert(
        golden_is("polls", "poll.results_hidden", "data", poll_event_json(closed, POLL_OP_HIDE)));
    ck_assert(golden_is("polls", "poll.changed", "data", poll_changed_json(&draft->id, draft)));
    ck_assert(golden_is("polls", "poll.removed", "data", poll_changed_json(&draft->id, NULL)));
    polls_release(&all);
}
END_TEST

START_TEST(event_types_are_those_of_the_golden_files)
{
    static const char *const types[] = {"poll.opened", "poll.closed", "poll.results_shown",
                                        "poll.results_hidden"};
    for (int op = POLL_OP_OPEN; op <= POLL_OP_HIDE; op++)
        ck_assert(
            golden_is("polls", types[op], "event", json_string(poll_event_type((enum poll_op)op))));
}
END_TEST

START_TEST(a_draft_is_read_strictly)
{
    static const struct {
        const char *body;
        bool whole, ok;
    } cases[] = {
        {"{\"question\":\"Q\",\"choice\":\"single\",\"options\":[\"a\",\"b\"]}", true, true},
        {"{\"question\":\"Q\",\"choice\":\"single\",\"options\":[\"a\"]}", true, false},
        {"{\"question\":\"Q\",\"choice\":\"several\",\"options\":[\"a\",\"b\"]}", true, false},
        {"{\"question\":\"\",\"choice\":\"single\",\"options\":[\"a\",\"b\"]}", true, false},
        {"{\"question\":\"Q\",\"choice\":\"single\",\"options\":[\"a\",\"\"]}", true, false},
        {"{\"question\":\"Q\",\"choice\":\"single\",\"options\":[\"a\",1]}", true, false},
        {"{\"choice\":\"single\",\"options\":[\"a\",\"b\"]}", true, false},
        {"{\"question\":\"Q\",\"choice\":\"single\",\"options\":[\"a\",\"b\"],\"position\":1}",
         true, false},
        {"{\"position\":3}", false, true},
        {"{\"question\":\"Q\",\"options\":[\"a\",\"b\",\"c\"]}", false, true},
        {"{}", false, true},
        {"{\"position\":0}", false, false},
        {"{\"state\":\"open\"}", false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *body = json_parse(cases[i].body, strlen(cases[i].body));
        struct json_reader r = json_reader(body);
        struct poll_draft draft = poll_draft_read(&r, cases[i].whole);
        ck_assert_msg(json_reader_end(&r) == cases[i].ok, "case %zu: %s", i, r.reason);
        if (cases[i].ok && cases[i].whole)
            ck_assert_int_eq(draft.option_count, 2);
        json_decref(body);
    }
}
END_TEST

/* What nobody could tell apart, or see, and where it stands. */
START_TEST(a_refused_draft_names_its_field)
{
    static const struct {
        const char *question, *options[4], *field, *reason;
    } cases[] = {
        {"Q", {"Oui", "Oui"}, "options[1]", "repeated"},
        {"Q", {"Oui", "Non", " Oui "}, "options[2]", "repeated"},
        {"Q", {"Été", "E\u0301te\u0301"}, "options[1]", "repeated"},
        {"Q", {"Oui", " "}, "options[1]", "too short"},
        {"Q", {"\u00a0", "Non"}, "options[0]", "too short"},
        {"Q", {"Oui", "Non", "\u200b"}, "options[2]", "invisible character"},
        {"Q", {"Oui", "Oui\u200b"}, "options[1]", "invisible character"},
        {"Q", {"Oui", "\u3164"}, "options[1]", "invisible character"},
        {"Q", {"Oui", "a\nb"}, "options[1]", "line break"},
        {" \n ", {"Oui", "Non"}, "question", "too short"},
        {"\u200b", {"Oui", "Non"}, "question", "too short"},
        {" Q ", {" Oui", "oui", "Non  merci"}, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *options = json_array();
        for (const char *const *text = cases[i].options; *text; text++)
            json_array_append_new(options, json_string(*text));
        json_t *body = json_pack("{s:s,s:s,s:o}", "question", cases[i].question, "choice", "single",
                                 "options", options);
        struct json_reader r = json_reader(body);
        struct poll_draft draft = poll_draft_read(&r, true);
        ck_assert_int_eq(json_reader_end(&r), cases[i].field == NULL);
        ck_assert_pstr_eq(r.field, cases[i].field);
        ck_assert_pstr_eq(r.reason, cases[i].reason);
        if (!cases[i].field) {
            ck_assert_str_eq(draft.question, "Q");
            ck_assert_str_eq(draft.options[0], "Oui");
            ck_assert_str_eq(draft.options[2], "Non merci");
        }
        json_decref(body);
    }
}
END_TEST

START_TEST(a_poll_read_again_keeps_its_votes)
{
    struct poll *p = open_poll(), *newer = open_poll();
    struct id a = person(1);
    poll_count(p, &a, 1);
    newer->state = POLL_CLOSED;
    newer->closed_at = GOLDEN_AT;
    poll_update(p, newer);
    ck_assert_int_eq(p->state, POLL_CLOSED);
    ck_assert_int_eq(p->option_count, 3);
    ck_assert_uint_eq(poll_vote_of(p, &a), 1);
    poll_free(p);
}
END_TEST

START_TEST(a_final_tally_does_not_change)
{
    struct poll *p = open_poll(), *older = open_poll();
    struct id people[] = {person(1), person(2), person(3)};
    int64_t tally[POLL_OPTIONS_MAX] = {2, 0, 1};
    poll_count(p, &people[0], 1);
    ck_assert(poll_knows_voters(p));
    poll_take_tally(p, 3, tally);
    ck_assert(p->tally_changed);
    p->tally_changed = false;
    ck_assert(!poll_knows_voters(p));
    poll_count(older, &people[0], 1);
    poll_count(older, &people[1], 1);
    poll_take_votes(p, older); /* read before the last vote */
    ck_assert(!poll_knows_voters(p));
    ck_assert(!poll_count(p, &people[2], 4)); /* its completion comes late */
    ck_assert(poll_knows_voters(p));
    ck_assert_uint_eq(poll_vote_of(p, &people[1]), 1);
    ck_assert_uint_eq(poll_vote_of(p, &people[2]), 4);
    ck_assert_int_eq(p->voters, 3);
    ck_assert_mem_eq(p->counts, tally, sizeof tally);
    ck_assert(!p->tally_changed);
    poll_free(p);
    poll_free(older);
}
END_TEST

RUN_TESTS("polls", a_vote_counts_once_and_the_first_is_final, the_state_decides_what_may_happen,
          only_options_that_exist_can_be_chosen, choices_are_ascending_positions,
          results_decide_who_sees_the_tally, a_tally_is_due_five_times_a_second_at_most,
          what_is_written_is_what_the_golden_files_say, event_types_are_those_of_the_golden_files,
          a_draft_is_read_strictly, a_refused_draft_names_its_field,
          a_poll_read_again_keeps_its_votes, a_final_tally_does_not_change)
