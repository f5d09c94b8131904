/* How far a congress is from the goals of its target profiles: the goal board. Computed in SQL
 * (goal_board, migration 0067), nothing is stored. */
#ifndef AMPHI_FEATURES_GOALS_H
#define AMPHI_FEATURES_GOALS_H

extern const struct feature goals_feature;

#endif
