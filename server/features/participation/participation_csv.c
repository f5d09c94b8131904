#include "features/participation/participation_csv.h"

static const struct csv_words COLUMNS[] = {
    {"target_profile", "Target profile", "Profil cible"},
    {"goal_registrations", "Goal: registrations", "Objectif : inscriptions"},
    {"goal_attendees", "Goal: attendees", "Objectif : participants"},
    {"goal_participation_rate", "Goal: participation rate", "Objectif : taux de participation"},
    {"universe", "Universe", "Population cible"},
    {"universe_source", "Source of the universe", "Source de la population cible"},
    {"registered", "Registered", "Inscrits"},
    {"attended", "Attended", "Ont participé"},
    {"completed", "Completed", "Ont suivi"},
    {"registration_rate", "Registration rate", "Taux d’inscription"},
    {"registration_rate_numerator", "… registered", "… inscrits"},
    {"registration_rate_denominator", "… of the universe", "… sur la population cible"},
    {"coverage", "Coverage", "Couverture"},
    {"coverage_numerator", "… attended", "… ont participé"},
    {"coverage_denominator", "… of the universe", "… sur la population cible"},
    {"participation_rate", "Participation rate", "Taux de participation"},
    {"participation_rate_numerator", "… attended", "… ont participé"},
    {"participation_rate_denominator", "… of registered", "… sur les inscrits"},
    {"completion_rate", "Completion rate", "Taux de suivi complet"},
    {"completion_rate_numerator", "… completed", "… ont suivi"},
    {"completion_rate_denominator", "… of attended", "… sur les participants"},
    {"registrations_reached", "Goal of registrations reached", "Objectif d’inscriptions atteint"},
    {"attendees_reached", "Goal of attendees reached", "Objectif de participants atteint"},
    {"participation_rate_reached", "Goal of the participation rate reached",
     "Objectif de taux de participation atteint"},
    {"goal_completions", "Goal: completions", "Objectif : suivis complets"},
    {"completions_reached", "Goal of completions reached", "Objectif de suivis complets atteint"},
    {"goal_completion_rate", "Goal: completion rate", "Objectif : taux de suivi complet"},
    {"completion_rate_reached", "Goal of the completion rate reached",
     "Objectif de taux de suivi complet atteint"},
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
    csv_share(c, numerator, denominator);
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
    csv_words(c, &(struct csv_words){"not known", "not known", "inconnu"});
    csv_int(c, numerator);
    csv_blank(c);
}

static void reached(struct csv *c, enum reached r)
{
    if (r == NO_GOAL)
        csv_blank(c);
    else
        csv_yes(c, r == REACHED);
}

/* The name is written. */
static void line(struct csv *c, const struct profile_figures *p)
{
    const struct figures *f = &p->figures;
    number_if(c, p->goal_registrations);
    number_if(c, p->goal_attendees);
    csv_share(c, p->goal_rate, p->goal_rate ? 1000 : 0);
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
    number_if(c, p->goal_completions);
    reached(c, completions_reached(p));
    csv_share(c, p->goal_completion_rate, p->goal_completion_rate ? 1000 : 0);
    reached(c, completion_rate_reached(p));
    csv_end_row(c);
}

void participation_csv(struct buf *out, const struct participation *p, enum csv_dialect dialect)
{
    static const struct csv_words all = {"All registrations", "All registrations",
                                         "Toutes les inscriptions"};
    static const struct csv_words none = {"No target profile", "No target profile",
                                          "Hors profils cibles"};
    static const struct csv_words hcps = {"All HCPs", "All HCPs",
                                          "Tous les professionnels de santé"};
    static const struct csv_words others = {"Other participants", "Other participants",
                                            "Autres participants"};
    bool mixed = p->others.registered > 0;
    struct csv c = csv_begin(out, dialect);
    csv_header(&c, COLUMNS, sizeof COLUMNS / sizeof *COLUMNS);
    csv_words(&c, mixed ? &hcps : &all);
    line(&c, &(struct profile_figures){.figures = p->all});
    csv_words(&c, &none);
    line(&c, &(struct profile_figures){.figures = p->no_profile});
    for (int i = 0; i < p->n; i++) {
        csv_text(&c, p->profiles[i].name);
        line(&c, &p->profiles[i]);
    }
    if (mixed) {
        csv_words(&c, &others);
        line(&c, &(struct profile_figures){.figures = p->others});
    }
}
