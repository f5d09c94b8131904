/* The list of the features: the only file that names all of them. */
#include "feature_list.h"
#include "features/accounts/accounts.h"
#include "features/audience/audience.h"
#include "features/audit/audit.h"
#include "features/congress/congress.h"
#include "features/exports/exports.h"
#include "features/goals/goals.h"
#include "features/guest_speakers/guest_speakers.h"
#include "features/invitations/invitations.h"
#include "features/lists/lists.h"
#include "features/mails/mails.h"
#include "features/oidc/oidc.h"
#include "features/participation/participation.h"
#include "features/polls/polls.h"
#include "features/presence/presence.h"
#include "features/programme/programme.h"
#include "features/questions/questions.h"
#include "features/recording/recording.h"
#include "features/registration/registration.h"
#include "features/registry/registry.h"
#include "features/representatives/representatives.h"
#include "features/sessions/sessions.h"
#include "features/slides/slides.h"
#include "features/stage/stage.h"

/* Order matters where one's start prepares another's: presence makes this run's node. */
const struct feature *const all_features[] = {
    &presence_feature,      &accounts_feature,       &congress_feature,
    &audience_feature,      &lists_feature,          &registration_feature,
    &mails_feature,         &invitations_feature,    &sessions_feature,
    &programme_feature,     &slides_feature,         &questions_feature,
    &polls_feature,         &stage_feature,          &recording_feature,
    &participation_feature, &goals_feature,          &exports_feature,
    &audit_feature,         &registry_feature,       &representatives_feature,
    &oidc_feature,          &guest_speakers_feature, NULL,
};

const struct store house_stores[] = {
    {.name = "outbox",
     .person = "to_address",
     .holds = "mails that wait: address and text; both go once a mail is delivered",
     .erasure = ERASURE_EMPTIED,
     .copy = "mails"},
    {.name = "files: mail",
     .person = "the address in each file",
     .holds = "mails, where no mail server is configured",
     .erasure = ERASURE_DELETED,
     .why = "the person has their mails"},
    {.name = "files: lock", .why = "says which run of the server has the folder"},
    {.name = "node", .why = "runs of servers"},
    {.name = "event_opened", .why = "which types of events are written"},
    {.name = "installation", .why = "which database this is"},
    {.name = "control_log", .why = "names sign-ins, accounts and registrations by id, for an hour"},
    {.name = "job", .why = "names objects by id"},
    {.name = "job_turn", .why = "turns of organisations"},
    {.name = "sample", .why = "whether the sample was loaded"},
    {.name = "schema_migration", .why = "which migrations ran"},
    {.name = "application_privilege", .why = "rights of a database role"},
    {0},
};
