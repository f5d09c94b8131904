/* Every feature of the server, one line each in feature_list.c, and what is kept beside them. */
#ifndef AMPHI_FEATURE_LIST_H
#define AMPHI_FEATURE_LIST_H

#include "room/feature.h"

extern const struct feature *const all_features[]; /* ends with NULL */
/* Tables and file stores of the folders that are no features. */
extern const struct store house_stores[];

#endif
