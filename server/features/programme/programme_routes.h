/* HTTP routes of programmes. */
#ifndef AMPHI_FEATURES_PROGRAMME_ROUTES_H
#define AMPHI_FEATURES_PROGRAMME_ROUTES_H

#include "http/http.h"

http_handler get_programme, put_programme, get_speakers, post_speaker, patch_speaker,
    delete_speaker;

#endif
