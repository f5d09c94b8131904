/* The routes of recordings. Worker threads. */
#ifndef AMPHI_FEATURES_RECORDING_ROUTES_H
#define AMPHI_FEATURES_RECORDING_ROUTES_H

#include "http/http.h"

http_handler get_recordings, put_recording, delete_recording, post_film, get_film;

#endif
