/* The attendance file: one line per registration of a session's congress, streamed in constant
 * memory; and the file of a congress's registrations, without what is of a session. Its columns are
 * in exports_store.c and, at the end, those that other features declare (struct export_count);
 * figures come of the view attendance. Seconds and shares are cut, so that what a line shows
 * decides as the rules of attended and completed do. */
#ifndef AMPHI_FEATURES_EXPORTS_H
#define AMPHI_FEATURES_EXPORTS_H

extern const struct feature exports_feature;

#endif
