/* Passwords that are tried first by whoever guesses (NIST SP 800-63B 5.1.1.2): those of the list,
 * with digits and signs around them, too; repetitions and sequences; what is known of the account.
 */
#ifndef AMPHI_CRYPTO_COMMON_H
#define AMPHI_CRYPTO_COMMON_H

#include <stdbool.h>

/* email: of the account, in its normal form. Any thread. */
bool password_is_common(const char *password, const char *email);

#endif
