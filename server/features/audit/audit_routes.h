/* HTTP routes of the audit log. */
#ifndef AMPHI_FEATURES_AUDIT_ROUTES_H
#define AMPHI_FEATURES_AUDIT_ROUTES_H

#include "http/http.h"

http_handler get_audit;

#endif
