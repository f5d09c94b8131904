/* How far a congress is from the goals of its target profiles: the goal board, and by name the
 * people of the target lists that profiles are counted in. Computed in SQL (goal_board,
 * target_people_sql, migration 0077), nothing is stored. */
#ifndef AMPHI_FEATURES_GOALS_H
#define AMPHI_FEATURES_GOALS_H

extern const struct feature goals_feature;

#endif
