/* HTTP routes of the goal board. */
#ifndef AMPHI_FEATURES_GOALS_ROUTES_H
#define AMPHI_FEATURES_GOALS_ROUTES_H

#include "http/http.h"

http_handler get_goals, get_earlier_congresses, get_session_goals, put_session_goals,
    get_target_people, get_target_people_csv;

#endif
