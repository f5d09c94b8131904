#include "media/config.h"
#include "base/json.h"
#include <string.h>

#define VOICE_RATE    48000
#define CHANNELS_MOST 2

static bool is_whole(const json_t *config, const char *field, json_int_t least, json_int_t most)
{
    const json_t *n = json_object_get(config, field);
    return json_is_integer(n) && json_integer_value(n) >= least && json_integer_value(n) <= most;
}

bool media_config_is_sound(const struct media_record *record)
{
    bool voice = record->stream == MEDIA_OWN_VOICE;
    json_t *config = json_parse((const char *)record->bytes, record->len);
    const char *codec = json_string_value(json_object_get(config, "codec"));
    bool sound = codec && json_object_size(config) == 3 && record->stream <= MEDIA_OWN_SCREEN;
    if (voice)
        sound = sound && strcmp(codec, "opus") == 0 && !(record->flags & MEDIA_LOW) &&
                is_whole(config, "sampleRate", VOICE_RATE, VOICE_RATE) &&
                is_whole(config, "channels", 1, CHANNELS_MOST);
    else
        sound = sound && strcmp(codec, "vp8") == 0 &&
                is_whole(config, "width", 1, MEDIA_SIDE_MOST) &&
                is_whole(config, "height", 1, MEDIA_SIDE_MOST);
    json_decref(config);
    return sound;
}
