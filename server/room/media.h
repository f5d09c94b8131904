/* Live media in a room: whose are passed on, and to whom. A feature says so for each person; the
 * room's home filters what publishers send by it (home/publishers.c). */
#ifndef AMPHI_ROOM_MEDIA_H
#define AMPHI_ROOM_MEDIA_H

#include "base/id.h"
#include "base/identity.h"
#include <stdbool.h>
#include <stdint.h>

struct room;

/* The crew is who is behind the scenes: staff, and who is on the stage. */
enum media_scope { MEDIA_TO_NOBODY, MEDIA_TO_CREW, MEDIA_TO_ALL };

struct media_rights {
    enum media_scope scope;     /* of what they publish; nobody: they may not */
    bool voice, camera, screen; /* what of it is passed on */
    bool spotlight;             /* large, whoever speaks */
    bool crew;                  /* what they are sent, and at once */
};

/* The rights of the person have changed (NULL: of everybody who publishes): they are asked for
 * again. Whoever may publish no more is closed. */
void room_media_changed(struct room *room, const struct id *person);
/* Somebody begins to keep what the person sends (NULL: what everybody does): what their streams
 * begin with is shown again (struct feature's records), and key frames are asked for. */
void room_media_anew(struct room *room, const struct id *person);
struct member;
/* The most that the member is sent of it: a media_rung. */
void room_watch(struct room *room, const struct member *member, int rung);
/* Where the person's streams are on their own clock: 1/48,000 s as of their newest record, carried
 * on to now. False: they send nothing. */
bool room_media_clock(const struct room *room, const struct id *person, uint16_t *stream,
                      uint32_t *timestamp);

/* The person's first stream by this room's numbers, which are not those of other nodes. False: they
 * send nothing. */
bool room_media_stream(const struct room *room, const struct id *person, uint16_t *stream);

#endif
