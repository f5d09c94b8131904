/* What guest speakers declare: see room/feature.h. */
#include "features/guest_speakers/guest_speakers.h"
#include "features/guest_speakers/guest_speakers_routes.h"
#include "room/feature.h"

#define OF_SESSION "/api/sessions/{session}/guest-speakers"
#define GUEST      "/api/guest-speakers/{guest_speaker}"
#define LEADERS    (ROLE_ORGANISER | ROLE_HOST)

static const struct http_route routes[] = {
    {.method = "GET",
     .pattern = OF_SESSION,
     .roles = LEADERS,
     .thing = "session",
     .handle = get_guest_speakers},
    {.method = "POST",
     .pattern = OF_SESSION,
     .roles = LEADERS,
     .thing = "session",
     .fresh = true,
     .handle = post_guest_speaker},
    {.method = "POST",
     .pattern = GUEST "/send",
     .roles = LEADERS,
     .thing = "guest_speaker",
     .handle = post_guest_speaker_send},
    /* Without a fresh proof: whoever has to be off the stage has to be off it now. */
    {.method = "DELETE",
     .pattern = GUEST,
     .roles = LEADERS,
     .thing = "guest_speaker",
     .handle = delete_guest_speaker},
    {.method = "POST",
     .pattern = "/api/guest-speaker/preview",
     .handle = post_guest_preview,
     .rate = {.burst = 20, .per_minute = 20}},
    {.method = "POST",
     .pattern = "/api/guest-speaker",
     .handle = post_guest_enter,
     .rate = {.burst = 20, .per_minute = 20}},
    {0},
};

static const struct store stores[] = {
    {.name = "guest_speaker",
     .person = "account_id",
     .holds = "address of a speaker who comes by a personal link, hash of its secret",
     .erasure = ERASURE_KEPT,
     .why = "of whoever speaks, not of the audience; address and secret go when it is taken back"},
    {0},
};

const struct feature guest_speakers_feature = {
    .name = "guest_speakers",
    .routes = routes,
    .stores = stores,
};
