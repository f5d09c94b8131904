/* Speakers without an account of their own: an organiser or a host of a session invites them, and a
 * personal link, mailed to them alone, lets them into that session as its speaker, from any device,
 * until a day after its end. Each is an account without an address (migration 0100), so that rooms,
 * stage and slides know them as staff, and figures of the audience do not. */
#ifndef AMPHI_FEATURES_GUEST_SPEAKERS_H
#define AMPHI_FEATURES_GUEST_SPEAKERS_H

extern const struct feature guest_speakers_feature;

#endif
