#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "features/polls/polls.h"
#include <string.h>

static json_t *id_json(const struct id *id)
{
    char text[ID_TEXT_SIZE];
    return json_string(id_text(id, text));
}

static json_t *time_json(int64_t at)
{
    char text[TIME_TEXT_SIZE];
    return at ? json_string(time_text(at, text)) : json_null();
}

json_t *poll_json(const struct poll *p)
{
    json_t *options = json_array();
    for (int i = 0; i < p->option_count; i++)
        json_array_append_new(options,
                              json_pack("{s:i,s:s}", "position", i + 1, "text", p->options[i]));
    return json_pack("{s:o,s:i,s:s,s:s,s:s,s:b,s:o,s:o,s:o}", "id", id_json(&p->id), "position",
                     p->position, "question", p->question, "choice", poll_choice_words[p->choice],
                     "state", poll_state_words[p->state], "results_shown", p->results_shown,
                     "opened_at", time_json(p->opened_at), "closed_at", time_json(p->closed_at),
                     "options", options);
}

static int word_index(const char *const *words, const json_t *word)
{
    const char *text = json_string_value(word);
    for (int i = 0; text && words[i]; i++)
        if (strcmp(words[i], text) == 0)
            return i;
    return 0;
}

static int64_t time_of(const json_t *json, const char *field)
{
    const char *text = json_string_value(json_object_get(json, field));
    int64_t at = 0;
    return text && time_parse(text, &at) ? at : 0;
}

struct poll *poll_from_json(const json_t *json)
{
    const char *id = json_string_value(json_object_get(json, "id"));
    const char *question = json_string_value(json_object_get(json, "question"));
    struct poll *p = poll_new();
    if (!question || !id || !id_parse(id, &p->id)) {
        poll_free(p);
        return NULL;
    }
    p->question = mem_strdup(question);
    p->position = (int)json_integer_value(json_object_get(json, "position"));
    p->choice = (enum poll_choice)word_index(poll_choice_words, json_object_get(json, "choice"));
    p->state = (enum poll_state)word_index(poll_state_words, json_object_get(json, "state"));
    p->results_shown = json_is_true(json_object_get(json, "results_shown"));
    p->opened_at = time_of(json, "opened_at");
    p->closed_at = time_of(json, "closed_at");
    size_t i;
    json_t *option;
    json_array_foreach(json_object_get(json, "options"), i, option)
    {
        const char *text = json_string_value(json_object_get(option, "text"));
        if (text && p->option_count < POLL_OPTIONS_MAX)
            p->options[p->option_count++] = mem_strdup(text);
    }
    return p;
}

json_t *poll_tally_json(const struct poll *p)
{
    json_t *counts = json_array();
    for (int i = 0; i < p->option_count; i++)
        json_array_append_new(counts, json_integer(p->counts[i]));
    return json_pack("{s:I,s:o}", "voters", (json_int_t)p->voters, "counts", counts);
}

json_t *poll_choices_json(uint32_t choices)
{
    json_t *positions = json_array();
    for (int i = 0; i < POLL_OPTIONS_MAX; i++)
        if (choices >> i & 1)
            json_array_append_new(positions, json_integer(i + 1));
    return positions;
}

json_t *polls_json(const struct polls *all, unsigned roles)
{
    json_t *list = json_array();
    for (size_t i = 0; i < all->n; i++)
        if (poll_visible(all->items[i], roles))
            json_array_append_new(list, poll_json(all->items[i]));
    return list;
}

json_t *polls_own_json(const struct polls *all, const struct id *person)
{
    json_t *list = json_array();
    for (size_t i = 0; i < all->n; i++) {
        uint32_t choices = poll_vote_of(all->items[i], person);
        if (choices)
            json_array_append_new(list, json_pack("{s:o,s:o}", "poll", id_json(&all->items[i]->id),
                                                  "choices", poll_choices_json(choices)));
    }
    return list;
}

const char *poll_event_type(enum poll_op op)
{
    static const char *const types[] = {"poll.opened", "poll.closed", "poll.results_shown",
                                        "poll.results_hidden"};
    return types[op];
}

json_t *poll_event_json(const struct poll *p, enum poll_op op)
{
    if (op == POLL_OP_OPEN)
        return json_pack("{s:o}", "poll", poll_json(p));
    json_t *data = json_pack("{s:o}", "id", id_json(&p->id));
    if (op == POLL_OP_CLOSE)
        json_object_set_new(data, "closed_at", time_json(p->closed_at));
    return data;
}

json_t *poll_changed_json(const struct id *id, const struct poll *p)
{
    if (p)
        return json_pack("{s:o}", "poll", poll_json(p));
    return json_pack("{s:o,s:b}", "id", id_json(id), "removed", 1);
}

uint32_t poll_choices_read(struct json_reader *r, const char *name)
{
    json_t *positions = json_read_array(r, name, POLL_OPTIONS_MAX);
    uint32_t choices = 0;
    size_t i;
    json_t *item;
    json_array_foreach(positions, i, item)
    {
        json_int_t n = json_integer_value(item);
        if (!json_is_integer(item)) {
            json_reader_fault(r, name, "wrong type");
        } else if (n < 1 || n > POLL_OPTIONS_MAX) {
            json_reader_fault(r, name, "out of range");
        } else if (choices >> (n - 1)) {
            json_reader_fault(r, name, "not ascending");
        } else {
            choices |= 1U << (n - 1);
            continue;
        }
        return 0;
    }
    return choices;
}

/* As answers of the server name them. */
static const char *const option_fields[POLL_OPTIONS_MAX] = {
    "options[0]",  "options[1]",  "options[2]",  "options[3]",  "options[4]",
    "options[5]",  "options[6]",  "options[7]",  "options[8]",  "options[9]",
    "options[10]", "options[11]", "options[12]", "options[13]", "options[14]",
    "options[15]", "options[16]", "options[17]", "options[18]", "options[19]"};

/* Nobody could choose between two that look the same. */
static bool is_repeated(const struct poll_draft *draft, size_t n)
{
    for (size_t i = 0; i < n && draft->options[n]; i++)
        if (draft->options[i] && strcmp(draft->options[i], draft->options[n]) == 0)
            return true;
    return false;
}

static void read_options(struct json_reader *r, struct poll_draft *draft)
{
    json_t *options = json_read_array(r, "options", POLL_OPTIONS_MAX);
    size_t i;
    json_t *item;
    json_array_foreach(options, i, item)
    {
        draft->options[i] = item_line(r, option_fields[i], item, 1, POLL_OPTION_MAX);
        if (is_repeated(draft, i))
            json_reader_fault(r, option_fields[i], "repeated");
    }
    draft->option_count = (int)json_array_size(options);
    if (options && draft->option_count < POLL_OPTIONS_MIN)
        json_reader_fault(r, "options", "too short");
}

struct poll_draft poll_draft_read(struct json_reader *r, bool whole)
{
    struct poll_draft draft = {.choice = -1};
    if (whole || json_read_has(r, "question"))
        draft.question = read_text(r, "question", 1, POLL_QUESTION_MAX);
    if (whole || json_read_has(r, "choice"))
        draft.choice = json_read_word(r, "choice", poll_choice_words);
    if (whole || json_read_has(r, "options"))
        read_options(r, &draft);
    if (!whole && json_read_has(r, "position"))
        draft.position = (int)json_read_int(r, "position", 1, POLLS_MAX);
    return draft;
}
