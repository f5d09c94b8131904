/* The list of the features: the only file that names all of them. */
#include "feature_list.h"
#include "features/accounts/accounts.h"
#include "features/audience/audience.h"
#include "features/audit/audit.h"
#include "features/congress/congress.h"
#include "features/exports/exports.h"
#include "features/participation/participation.h"
#include "features/polls/polls.h"
#include "features/presence/presence.h"
#include "features/questions/questions.h"
#include "features/registration/registration.h"
#include "features/sessions/sessions.h"
#include "features/slides/slides.h"

/* Order matters where one's start prepares another's: presence makes this run's node. */
const struct feature *const all_features[] = {
    &presence_feature,
    &accounts_feature,
    &congress_feature,
    &audience_feature,
    &registration_feature,
    &sessions_feature,
    &slides_feature,
    &questions_feature,
    &polls_feature,
    &participation_feature,
    &exports_feature,
    &audit_feature,
    NULL,
};
