#ifndef AMPHI_FEATURES_REGISTRY_ROUTES_H
#define AMPHI_FEATURES_REGISTRY_ROUTES_H

#include "http/http.h"

http_handler get_registry, post_registry_look_up;

#endif
