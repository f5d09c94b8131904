/* The participation file: one line for all registrations, one for those in no target profile, and
 * one per profile, each rate with its two numbers. Pure. */
#ifndef AMPHI_FEATURES_PARTICIPATION_CSV_H
#define AMPHI_FEATURES_PARTICIPATION_CSV_H

#include "base/csv.h"
#include "features/participation/participation.h"

void participation_csv(struct buf *out, const struct participation *p, enum csv_dialect dialect);

#endif
