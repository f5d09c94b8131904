/* The stage of a session: who speaks there, who waits behind it, who raised a hand. What is here is
 * what was committed, and the rules over it; pure. */
#ifndef AMPHI_FEATURES_STAGE_H
#define AMPHI_FEATURES_STAGE_H

#include "base/id.h"
#include "base/identity.h"
#include "room/room.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

extern const struct feature stage_feature;

#define STAGE_MOST         6   /* on the stage */
#define STAGE_PEOPLE_MOST  10  /* on it and behind it */
#define STAGE_INVITED_MOST 10  /* who did not come yet */
#define STAGE_HANDS_MOST   500 /* of one session */

enum stage_place { STAGE_INVITED, STAGE_BACKSTAGE, STAGE_ON };
enum stage_layout { STAGE_SLIDE, STAGE_SPEAKER, STAGE_SCREEN };
extern const char *const stage_place_words[], *const stage_layout_words[]; /* NULL-terminated */

struct stage_person {
    struct id id;
    bool staff; /* an account; else an HCP by their registration */
    struct stage_who {
        char name[NAME_MAX_BYTES];
        unsigned roles; /* of staff, in the session */
    } who;
    enum stage_place place;
    bool picture; /* may use the camera */
    bool muted, camera_off, screen;
    int64_t since; /* Unix us */
    /* Of this room: since when their publishing connection is lost, and since when they have none
     * at all and did not publish; Unix us, 0: it is not so. */
    struct {
        int64_t lost_at, away_at;
    } seen;
};

struct stage_set {
    enum stage_layout layout;
    struct id spotlight; /* all-zero: nobody */
    struct stage_person people[STAGE_PEOPLE_MOST + STAGE_INVITED_MOST];
    int n;
};

struct stage_person *stage_find(struct stage_set *s, const struct id *person); /* NULL: not there */
/* The same person, or one more. False: there is no room. */
bool stage_put(struct stage_set *s, const struct stage_person *person);
void stage_take_off(struct stage_set *s, const struct id *person);
/* On the stage or behind it. */
bool stage_is_in(const struct stage_person *p);

/* --- what somebody asks for --- */

enum stage_act {
    STAGE_ENTER,
    STAGE_EXIT,
    STAGE_MOVE,
    STAGE_REMOVE,
    STAGE_MUTE,
    STAGE_CAMERA,
    STAGE_SHARE,
    STAGE_SPOTLIGHT,
    STAGE_LAYOUT,
    STAGE_INVITE,
    STAGE_DECLINE,
    STAGE_LOSE, /* by the server: their connections are gone for too long */
};

struct stage_ask {
    enum stage_act act;
    struct identity who; /* who asks */
    struct id person;    /* of whom; all-zero: nobody (of a spotlight) */
    bool yes;            /* muted, camera off, screen on; picture of an invitation */
    enum stage_place place;
    enum stage_layout layout;
    int64_t at;
    enum session_state session;
};

/* One thing that changes, and the event that says so. */
struct stage_change {
    const char *event;
    struct stage_person person;
    bool gone;       /* the person is no longer there */
    const char *why; /* of stage.left */
};

#define STAGE_CHANGES_MOST 2

struct stage_outcome {
    struct stage_change changes[STAGE_CHANGES_MOST];
    int n;         /* 0: it is so already */
    bool absent;   /* the person is not there: done already, or never */
    bool of_stage; /* layout or spotlight changed */
};

/* Applies what is asked to s. NULL, or the wire code of why not. */
const char *stage_do(struct stage_set *s, const struct stage_ask *ask, struct stage_outcome *out);
/* Whether hands may be raised. NULL, or the wire code. */
const char *stage_hand_refused(enum session_state session);

/* --- wire forms, as PROTOCOL.md has them (stage_json.c) --- */

struct stage_hand {
    struct id person;
    char name[NAME_MAX_BYTES];
    int64_t at;      /* Unix us */
    int64_t away_at; /* since when nobody of them is here; 0: somebody is */
};

json_t *stage_id_json(const struct id *id); /* null of all-zero */
json_t *stage_person_json(const struct stage_person *p);
/* What the log has of it: no name. */
json_t *stage_payload(const struct stage_person *p);
/* Reads it; false: it is none. */
bool stage_payload_read(const json_t *payload, struct stage_person *out);
json_t *stage_set_json(const struct stage_set *s, unsigned audience);
json_t *stage_hand_json(const struct stage_hand *hand);
json_t *stage_own_json(const struct stage_person *p, const struct stage_hand *hand); /* or NULL */

#endif
