#include "features/polls/polls.h"
#include "base/identity.h"
#include "base/mem.h"
#include <string.h>

const char *const poll_choice_words[] = {"single", "multiple", NULL};
const char *const poll_state_words[] = {"draft", "open", "closed", NULL};

struct poll *poll_new(void)
{
    struct poll *p = mem_new(sizeof *p);
    map_init(&p->votes);
    return p;
}

static void free_texts(struct poll *p)
{
    free(p->question);
    for (int i = 0; i < p->option_count; i++)
        free(p->options[i]);
}

void poll_free(struct poll *p)
{
    if (!p)
        return;
    free_texts(p);
    map_release(&p->votes);
    free(p);
}

bool poll_count(struct poll *p, const struct id *person, uint32_t choices)
{
    if (choices == 0 || map_get(&p->votes, person))
        return false;
    map_put(&p->votes, person, (void *)(uintptr_t)choices);
    if (p->final)
        return false;
    p->voters++;
    for (int i = 0; i < POLL_OPTIONS_MAX; i++)
        p->counts[i] += choices >> i & 1;
    p->tally_changed = true;
    return true;
}

void poll_take_votes(struct poll *p, const struct poll *counted)
{
    for (size_t i = 0; i < counted->votes.cap; i++) {
        const struct map_slot *slot = &counted->votes.slots[i];
        poll_count(p, &slot->key, (uint32_t)(uintptr_t)slot->value);
    }
}

void poll_take_tally(struct poll *p, int64_t voters, const int64_t counts[POLL_OPTIONS_MAX])
{
    p->tally_changed |= p->voters != voters || memcmp(p->counts, counts, sizeof p->counts) != 0;
    p->voters = voters;
    memcpy(p->counts, counts, sizeof p->counts);
    p->final = true;
}

bool poll_knows_voters(const struct poll *p)
{
    return (int64_t)p->votes.len >= p->voters;
}

uint32_t poll_vote_of(const struct poll *p, const struct id *person)
{
    return (uint32_t)(uintptr_t)map_get(&p->votes, person);
}

void poll_update(struct poll *p, struct poll *newer)
{
    free_texts(p);
    p->position = newer->position;
    p->question = newer->question;
    p->choice = newer->choice;
    p->state = newer->state;
    p->results_shown = newer->results_shown;
    p->opened_at = newer->opened_at;
    p->closed_at = newer->closed_at;
    p->option_count = newer->option_count;
    for (int i = 0; i < POLL_OPTIONS_MAX; i++)
        p->options[i] = newer->options[i];
    newer->question = NULL;
    newer->option_count = 0;
    poll_free(newer);
}

const char *poll_op_refused(const struct poll *p, enum poll_op op, enum session_state session)
{
    switch (op) {
    case POLL_OP_OPEN:
        if (session != SESSION_LIVE)
            return "session.state";
        return p->state == POLL_DRAFT ? NULL : "poll.state";
    case POLL_OP_CLOSE:
        return p->state == POLL_OPEN ? NULL : "poll.state";
    case POLL_OP_SHOW:
    case POLL_OP_HIDE:
        break;
    }
    return p->state == POLL_DRAFT ? "poll.state" : NULL;
}

const char *poll_vote_refused(const struct poll *p, uint32_t choices)
{
    if (p->state != POLL_OPEN)
        return "poll.closed";
    bool exists = choices != 0 && choices >> p->option_count == 0;
    bool one = (choices & (choices - 1)) == 0;
    return exists && (one || p->choice == POLL_MULTIPLE) ? NULL : "poll.choice";
}

bool poll_visible(const struct poll *p, unsigned roles)
{
    return p->state != POLL_DRAFT || (roles & ROLE_STAFF);
}

unsigned poll_tally_audience(const struct poll *p)
{
    return p->results_shown ? ROLE_ANY : ROLE_STAFF;
}

bool poll_tally_due(const struct poll *p, int64_t now)
{
    return p->tally_changed && now - p->tally_at >= POLL_TALLY_US;
}

struct poll *polls_find(const struct polls *all, const struct id *id)
{
    for (size_t i = 0; i < all->n; i++)
        if (id_equal(&all->items[i]->id, id))
            return all->items[i];
    return NULL;
}

void polls_sort(struct polls *all)
{
    for (size_t i = 1; i < all->n; i++) { /* insertion: few, and nearly sorted */
        struct poll *p = all->items[i];
        size_t j = i;
        for (; j > 0 && all->items[j - 1]->position > p->position; j--)
            all->items[j] = all->items[j - 1];
        all->items[j] = p;
    }
}

void polls_add(struct polls *all, struct poll *p)
{
    all->items = mem_resize(all->items, (all->n + 1) * sizeof(struct poll *));
    all->items[all->n++] = p;
    polls_sort(all);
}

void polls_remove(struct polls *all, struct poll *p)
{
    size_t kept = 0;
    for (size_t i = 0; i < all->n; i++)
        if (all->items[i] != p)
            all->items[kept++] = all->items[i];
    all->n = kept;
    poll_free(p);
}

void polls_release(struct polls *all)
{
    for (size_t i = 0; i < all->n; i++)
        poll_free(all->items[i]);
    free(all->items);
    *all = (struct polls){0};
}
