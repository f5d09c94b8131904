/* The audit log of an organisation, newest first. Worker thread. */
#ifndef AMPHI_FEATURES_AUDIT_STORE_H
#define AMPHI_FEATURES_AUDIT_STORE_H

#include "http/cursor.h"

enum err audit_list(struct db_conn *c, const struct identity *who, const struct cursor *after,
                    int limit, json_t **items, struct cursor *last, bool *more) MUST_CHECK;

#endif
