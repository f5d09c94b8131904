/* Every feature of the server, one line each in feature_list.c. */
#ifndef AMPHI_FEATURE_LIST_H
#define AMPHI_FEATURE_LIST_H

#include "room/feature.h"

extern const struct feature *const all_features[]; /* ends with NULL */

#endif
