#include "features/participation/participation.h"
#include "base/mem.h"

void times_release(struct times *t)
{
    free(t->pieces);
    free(t->open);
    *t = (struct times){0};
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* A piece begins after the bridge of the one before it, so a new span joins a run of neighbours or
 * none. */
void times_add(struct times *t, int64_t from, int64_t to, int64_t bridge)
{
    to = most(from, to);
    bridge = most(to, bridge);
    uint32_t end = t->n;
    while (end > 0 && t->pieces[end - 1].from > bridge)
        end--;
    uint32_t first = end;
    while (first > 0 && t->pieces[first - 1].bridge >= from)
        first--;
    if (first < end) {
        struct piece *keep = &t->pieces[first];
        const struct piece *last = &t->pieces[end - 1];
        *keep = (struct piece){.from = least(keep->from, from),
                               .to = most(last->to, to),
                               .bridge = most(last->bridge, bridge)};
        memmove(keep + 1, &t->pieces[end], (t->n - end) * sizeof *keep);
        t->n -= end - first - 1;
        return;
    }
    if (t->n == t->cap) {
        t->cap = t->cap ? t->cap * 2 : 1;
        t->pieces = mem_resize(t->pieces, t->cap * sizeof *t->pieces);
    }
    memmove(&t->pieces[end + 1], &t->pieces[end], (t->n - end) * sizeof *t->pieces);
    t->pieces[end] = (struct piece){.from = from, .to = to, .bridge = bridge};
    t->n++;
}

void times_open(struct times *t, int64_t at)
{
    if (t->open_n == t->open_cap) {
        t->open_cap = t->open_cap ? t->open_cap * 2 : 1;
        t->open = mem_resize(t->open, t->open_cap * sizeof *t->open);
    }
    t->open[t->open_n++] = at;
}

void times_close(struct times *t, int64_t joined, int64_t left, int64_t bridge)
{
    for (uint32_t i = 0; i < t->open_n; i++)
        if (t->open[i] == joined) {
            t->open[i] = t->open[--t->open_n];
            times_add(t, joined, left, bridge);
            return;
        }
}

static int64_t cut(int64_t from, int64_t to, int64_t live, int64_t end)
{
    from = from > live ? from : live;
    to = to < end ? to : end;
    return to > from ? to - from : 0;
}

/* Open connections all last until now, so together they are one more piece, from the earliest on;
 * it takes in the closed pieces that it touches (none touches it by way of another). */
int64_t times_covered(const struct times *t, int64_t now, int64_t live, int64_t end)
{
    struct piece open = {0};
    if (t->open_n) {
        open.from = t->open[0];
        for (uint32_t i = 1; i < t->open_n; i++)
            open.from = least(open.from, t->open[i]);
        open.to = most(now, open.from);
    }
    const struct piece seen = open;
    int64_t sum = 0;
    for (uint32_t i = 0; i < t->n; i++) {
        const struct piece *p = &t->pieces[i];
        if (t->open_n && p->from <= seen.to && p->bridge >= seen.from) {
            open.from = least(open.from, p->from);
            open.to = most(open.to, p->to);
        } else {
            sum += cut(p->from, p->to, live, end);
        }
    }
    return sum + (t->open_n ? cut(open.from, open.to, live, end) : 0);
}

int64_t span_bridge(const struct span_rules *rules, int64_t left, int64_t gone, bool on_purpose)
{
    return on_purpose ? left : most(left, gone) + rules->gap;
}

int64_t live_us(const struct span_rules *rules, int64_t now)
{
    if (!rules->live_at)
        return 0;
    int64_t end = rules->ended_at ? rules->ended_at : now;
    return end > rules->live_at ? end - rules->live_at : 0;
}

bool has_attended(int64_t present_us)
{
    return present_us >= ATTENDED_US;
}

/* Whole numbers on both sides: SQL compares exactly, too. */
bool has_completed(int64_t present_us, int64_t live, int threshold)
{
    return live > 0 && has_attended(present_us) && present_us * 1000 >= live * threshold;
}

void participation_release(struct participation *p)
{
    for (int i = 0; i < p->n; i++) {
        free(p->profiles[i].name);
        free(p->profiles[i].universe_source);
    }
    *p = (struct participation){0};
}

static json_t *goal(int64_t value)
{
    return value ? json_integer(value) : json_null();
}

static json_t *rate_goal(int thousandths)
{
    return thousandths ? json_real(thousandths / 1000.0) : json_null();
}

static json_t *profile_json(const struct profile_figures *p)
{
    char id[ID_TEXT_SIZE];
    return json_pack(
        "{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:s?, s:I, s:I, s:I, s:I}", "id",
        id_text(&p->id, id), "name", p->name, "goal_registrations", goal(p->goal_registrations),
        "goal_attendees", goal(p->goal_attendees), "goal_completions", goal(p->goal_completions),
        "goal_participation_rate", rate_goal(p->goal_rate), "goal_completion_rate",
        rate_goal(p->goal_completion_rate), "universe", goal(p->universe), "universe_source",
        p->universe_source, "registered", (json_int_t)p->figures.registered, "present",
        (json_int_t)p->figures.present, "attended", (json_int_t)p->figures.attended, "completed",
        (json_int_t)p->figures.completed);
}

static json_t *figures_json(const struct figures *f)
{
    return json_pack("{s:I, s:I, s:I, s:I}", "registered", (json_int_t)f->registered, "present",
                     (json_int_t)f->present, "attended", (json_int_t)f->attended, "completed",
                     (json_int_t)f->completed);
}

json_t *participation_json(const struct participation *p)
{
    json_t *profiles = json_array();
    for (int i = 0; i < p->n; i++)
        json_array_append_new(profiles, profile_json(&p->profiles[i]));
    json_t *json = figures_json(&p->all);
    json_object_set_new(json, "live_seconds", json_integer(p->live_us / US_PER_S));
    json_object_set_new(json, "no_profile", figures_json(&p->no_profile));
    json_object_set_new(json, "others", figures_json(&p->others));
    json_object_set_new(json, "profiles", profiles);
    return json;
}

static enum reached count_reached(int64_t goal, int64_t count)
{
    if (!goal)
        return NO_GOAL;
    return count >= goal ? REACHED : NOT_REACHED;
}

/* goal: thousandths. Of nobody no rate is reached. */
static enum reached rate_reached(int goal, int64_t part, int64_t whole)
{
    if (!goal)
        return NO_GOAL;
    return whole && part * 1000 >= whole * goal ? REACHED : NOT_REACHED;
}

enum reached registrations_reached(const struct profile_figures *p)
{
    return count_reached(p->goal_registrations, p->figures.registered);
}

enum reached attendees_reached(const struct profile_figures *p)
{
    return count_reached(p->goal_attendees, p->figures.attended);
}

enum reached completions_reached(const struct profile_figures *p)
{
    return count_reached(p->goal_completions, p->figures.completed);
}

enum reached participation_rate_reached(const struct profile_figures *p)
{
    return rate_reached(p->goal_rate, p->figures.attended, p->figures.registered);
}

enum reached completion_rate_reached(const struct profile_figures *p)
{
    return rate_reached(p->goal_completion_rate, p->figures.completed, p->figures.attended);
}
