#include "features/participation/participation_csv.h"
#include "base/csv.h"

static const char *const HEADER[] = {
    "target_profile",
    "goal_registrations",
    "goal_attendees",
    "goal_participation_rate",
    "universe",
    "universe_source",
    "registered",
    "attended",
    "completed",
    "registration_rate",
    "registration_rate_numerator",
    "registration_rate_denominator",
    "coverage",
    "coverage_numerator",
    "coverage_denominator",
    "participation_rate",
    "participation_rate_numerator",
    "participation_rate_denominator",
    "completion_rate",
    "completion_rate_numerator",
    "completion_rate_denominator",
    "registrations_reached",
    "attendees_reached",
    "participation_rate_reached",
    NULL,
};

static void number_if(struct csv *c, int64_t value)
{
    if (value)
        csv_int(c, value);
    else
        csv_blank(c);
}

static void rate(struct csv *c, int64_t numerator, int64_t denominator)
{
    csv_fraction(c, (double)numerator, (double)denominator);
    csv_int(c, numerator);
    csv_int(c, denominator);
}

/* Without a universe the rate is not known: neither 0 nor 100 %. */
static void rate_of_universe(struct csv *c, int64_t numerator, int64_t universe)
{
    if (universe) {
        rate(c, numerator, universe);
        return;
    }
    csv_text(c, "not known");
    csv_int(c, numerator);
    csv_blank(c);
}

static void reached(struct csv *c, enum reached r)
{
    csv_text(c, r == NO_GOAL ? "" : r == REACHED ? "yes" : "no");
}

static void line(struct csv *c, const struct profile_figures *p)
{
    const struct figures *f = &p->figures;
    csv_text(c, p->name);
    number_if(c, p->goal_registrations);
    number_if(c, p->goal_attendees);
    csv_fraction(c, p->goal_rate, p->goal_rate ? 1000 : 0);
    number_if(c, p->universe);
    csv_text(c, p->universe_source);
    csv_int(c, f->registered);
    csv_int(c, f->attended);
    csv_int(c, f->completed);
    rate_of_universe(c, f->registered, p->universe);
    rate_of_universe(c, f->attended, p->universe);
    rate(c, f->attended, f->registered);
    rate(c, f->completed, f->attended);
    reached(c, registrations_reached(p));
    reached(c, attendees_reached(p));
    reached(c, participation_rate_reached(p));
    csv_end_row(c);
}

void participation_csv(struct buf *out, const struct participation *p, bool bom)
{
    struct csv c = csv_begin(out, bom);
    csv_header(&c, HEADER);
    char all[] = "All registrations";
    line(&c, &(struct profile_figures){.name = all, .figures = p->all});
    for (int i = 0; i < p->n; i++)
        line(&c, &p->profiles[i]);
}
