/* The config of a stream, as a publisher says it: a codec that viewers play and films are made of,
 * and its size. Pure. */
#ifndef AMPHI_MEDIA_CONFIG_H
#define AMPHI_MEDIA_CONFIG_H

#include "media/record.h"

#define MEDIA_SIDE_MOST 4096 /* pixels, of a picture's width and height */

/* Whether a record of type MEDIA_CONFIG is one of its stream. */
bool media_config_is_sound(const struct media_record *record);

#endif
