/* The goal board for readers who may not see persons. Pure. */
#ifndef AMPHI_FEATURES_GOALS_MASK_H
#define AMPHI_FEATURES_GOALS_MASK_H

#include "base/disclosure.h"
#include <jansson.h>

/* Changes the board, as goal_board() has it, into what they are shown: each number by
 * disclosure_move() alone, null for hidden; groups of channel, region or day of whose registrations
 * nothing is shown are left out; what is said of each of the last days and of target lists is null.
 * Whatever else depends on numbers is made of those that are shown.
 * cells: what was shown of each number, an object, changed as it moves. False: it did not. */
bool goals_mask(json_t *board, json_t *cells, const struct disclosure *how);

#endif
