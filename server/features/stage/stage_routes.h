/* HTTP routes of the stage: what a page asks before its person goes on it. All else is live. */
#ifndef AMPHI_FEATURES_STAGE_ROUTES_H
#define AMPHI_FEATURES_STAGE_ROUTES_H

#include "http/http.h"

#define UPLOAD_CHECK_MAX ((size_t)256 * 1024) /* bytes of one request */

http_handler post_upload_check;

#endif
