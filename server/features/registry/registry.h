/* The French register of health professionals (Annuaire Santé): open data of the whole
 * installation, imported by operators (`amphi registry import`), looked up by who registers,
 * counted by target profiles. */
#ifndef AMPHI_FEATURES_REGISTRY_H
#define AMPHI_FEATURES_REGISTRY_H

#include "room/feature.h"

extern const struct feature registry_feature;

#endif
