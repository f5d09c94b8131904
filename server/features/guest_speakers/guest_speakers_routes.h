/* The routes of guest speakers, as openapi.yaml has them. */
#ifndef AMPHI_FEATURES_GUEST_SPEAKERS_ROUTES_H
#define AMPHI_FEATURES_GUEST_SPEAKERS_ROUTES_H

#include "http/http.h"

http_handler get_guest_speakers, post_guest_speaker, post_guest_speaker_send, delete_guest_speaker,
    post_guest_preview, post_guest_enter;

#endif
