/* One person of the French register of health professionals, as the lines of its open extraction
 * make them: a line for each activity, sometimes one for each skill of each activity, so a person
 * appears several times.
 *
 * One line is the main activity, and says who the person is: their profession, specialty, setting,
 * mode, category and place. It is the first by this order, then the first of the file:
 *   1. civil before military before any other category before students
 *   2. with an ordinal specialty before a line with another skill, and that before none
 *   3. self-employed (L) before employed (S) before volunteer (B) before unsaid
 *   4. with a setting before without
 *   5. with a place in France before without
 * Kinds of skill and settings are kept of all lines. */
#ifndef AMPHI_FEATURES_REGISTRY_PERSON_H
#define AMPHI_FEATURES_REGISTRY_PERSON_H

#include "base/rpps.h"
#include <stddef.h>
#include <stdint.h>

#define REGISTRY_NAME_MAX  400 /* bytes of a name; the file has up to 100 characters */
#define REGISTRY_CODE_SIZE 12  /* of the register's codes, with the end */
#define REGISTRY_SET_MOST  24  /* codes of one kind that a person has at most */

/* Sorted, without repetitions. */
struct registry_set {
    char codes[REGISTRY_SET_MOST][REGISTRY_CODE_SIZE];
    size_t n;
};

struct registry_person {
    char rpps[RPPS_SIZE]; /* an ADELI number for who has no other */
    uint64_t rank;        /* of the main activity among the person's lines; the least counts */
    char last_name[REGISTRY_NAME_MAX + 1], first_name[REGISTRY_NAME_MAX + 1];
    char profession[REGISTRY_CODE_SIZE], category[REGISTRY_CODE_SIZE];
    char specialty[REGISTRY_CODE_SIZE], skill_type[REGISTRY_CODE_SIZE];
    char setting[REGISTRY_CODE_SIZE], mode[REGISTRY_CODE_SIZE];
    char postcode[REGISTRY_CODE_SIZE], department[REGISTRY_CODE_SIZE];
    const char *region; /* of a list of our own; "": abroad, or unknown */
    struct registry_set skill_types, settings;
};

/* The place of an activity in the order above. line: its number in the file. */
uint64_t registry_rank(const struct registry_person *activity, int64_t line);
/* Another line of the same person joins those before it. */
void registry_fold(struct registry_person *person, const struct registry_person *activity);
void registry_set_add(struct registry_set *set, const char *code);

/* The département of a commune (INSEE, 2A and 2B, three digits overseas), else of what the column
 * of départements says, else of a postcode; "" when none of them tells. */
void registry_department(const char *commune, const char *column, const char *postcode,
                         char out[static REGISTRY_CODE_SIZE]);
/* INSEE's code of its region, or of the overseas collectivity that stands for one; "": not of
 * France. */
const char *registry_region(const char *department);

#endif
