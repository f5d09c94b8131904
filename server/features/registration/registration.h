/* Registrations: the public page of a link, the personal links that travel only by mail, and what a
 * registered HCP and an organiser may do with a registration. Rules are pure (registration.c). */
#ifndef AMPHI_FEATURES_REGISTRATION_H
#define AMPHI_FEATURES_REGISTRATION_H

#include "base/address.h"
#include "base/clock.h"
#include "base/rpps.h"
#include "room/feature.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

extern const struct feature registration_feature;

#define CONSENTS_MAX         8
#define CONSENT_VERSION_MAX  1000000
#define MAILS_PER_HOUR       5 /* to one address */
#define MAILS_PER_DAY        10
#define REQUEST_LIFE_US      (24 * 3600 * US_PER_S) /* a form that its mail does not confirm */
#define PEOPLE_PER_ADDRESS   10
#define ADDRESS_CODE_DIGITS  6 /* of the mail that confirms a new address */
#define ADDRESS_CODE_LIFE_US (3600 * US_PER_S)
#define ADDRESS_CODE_TRIES   5
#define ADDRESS_ASKS_PER_DAY 5   /* by one person */
#define RPPS_TYPED_MAX       40  /* digits with blanks between them */
#define NAME_CHARS_MAX       100 /* of a first or last name */
#define AFFILIATION_MAX      200 /* characters */

/* Of links and registrations; ends with NULL. */
extern const char *const registration_channels[];

/* What somebody registers as: it decides what they are asked. Only health professionals have a
 * profile and count in figures of HCPs. In the order of organisers' settings and of the form. */
enum category {
    CATEGORY_HCP,
    CATEGORY_STUDENT,  /* of `profession`, at the school `affiliation` */
    CATEGORY_INDUSTRY, /* of the company, */
    CATEGORY_PRESS,    /* of the medium `affiliation` */
    CATEGORY_PUBLIC,
    CATEGORIES
};
extern const char *const registration_categories[]; /* their words; ends with NULL */

struct consent {
    const char *kind;
    int64_t version;
    bool given;
};

struct registration_form {
    char email[ADDRESS_SIZE];
    char rpps[RPPS_SIZE]; /* "": none was given */
    const char *first_name, *last_name, *language;
    enum category category; /* what it has not is NULL */
    const char *affiliation;
    const char *profession, *specialty, *practice_setting, *region, *age_band;
    struct consent consents[CONSENTS_MAX];
    int consent_count;
    bool by_provider;      /* the browser signed in at the provider first */
    const json_t *answers; /* to questions of the organiser's own, {key: value}; NULL: none */
};

/* NULL, or why this specialty does not go with this profession: only physicians need one. */
const char *specialty_fault(const char *profession, const char *specialty);
/* NULL, or what is wrong: each wording in force is answered once, in its newest version, and what
 * is required is given. */
const char *consents_fault(const struct consent *asked, int asked_count,
                           const struct consent *answered, int answered_count);
bool consent_required(const char *kind);

#endif
