/* The audit log of an organisation, newest first. Worker thread. */
#ifndef AMPHI_FEATURES_AUDIT_STORE_H
#define AMPHI_FEATURES_AUDIT_STORE_H

#include "http/cursor.h"

/* Reads are the actions whose names end in ".read" or ".export": what left, and how much of it. */
enum audit_part { AUDIT_ALL, AUDIT_CHANGES, AUDIT_READS };
enum err audit_list(struct db_conn *c, const struct identity *who, enum audit_part part,
                    const struct cursor *after, int limit, json_t **items, struct cursor *last,
                    bool *more) MUST_CHECK;

#endif
