/* Identifiers of health professionals in France. RPPS: 11 digits, one for each person, for life,
 * whose last digit makes Luhn's sum a multiple of ten. ADELI: the 9 characters that came before it.
 * Both travel with a digit before them that names their kind (8 and 0), too. Any thread. */
#ifndef AMPHI_BASE_RPPS_H
#define AMPHI_BASE_RPPS_H

#include <stdbool.h>
#include <stddef.h>

#define RPPS_DIGITS  11
#define ADELI_DIGITS 9
#define RPPS_SIZE    (RPPS_DIGITS + 1) /* of either, with its end */

enum rpps_verdict {
    RPPS_MALFORMED,   /* neither; what was made of it is "" */
    RPPS_CHECK_DIGIT, /* 11 digits that Luhn's sum does not bear out */
    RPPS_GOOD,
    RPPS_ADELI, /* good in form; it has no check that is official */
};

/* As it is kept: blanks anywhere and the digit of the kind go. */
enum rpps_verdict rpps_parse(const char *typed, size_t len, char kept[static RPPS_SIZE]);
/* NULL, or why it is not taken: "malformed" or "check digit". check false: for tests with made-up
 * numbers. */
const char *rpps_fault(enum rpps_verdict verdict, bool check);

#endif
