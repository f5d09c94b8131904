/* Reading the audit log. Writing is the SQL function audit(), called by each feature in the
 * transaction of what it tells. */
#ifndef AMPHI_FEATURES_AUDIT_H
#define AMPHI_FEATURES_AUDIT_H

#include "room/feature.h"

extern const struct feature audit_feature;

#endif
