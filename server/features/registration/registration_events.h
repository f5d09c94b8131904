/* What registration_feature.c declares of the events about persons. */
#ifndef AMPHI_FEATURES_REGISTRATION_EVENTS_H
#define AMPHI_FEATURES_REGISTRATION_EVENTS_H

#include "room/event.h"

attach_event person_attach_name;
apply_event person_apply_erased;

#endif
