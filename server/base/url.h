/* Pieces of addresses on the web (RFC 3986). */
#ifndef AMPHI_BASE_URL_H
#define AMPHI_BASE_URL_H

#include "base/buf.h"

#define URL_UNRESERVED "-._~" /* what stands for itself everywhere, beside letters and digits */

/* Text within a URL: letters, digits and the characters of kept as they are, each other byte as
 * %XX. */
void url_escape(struct buf *out, const char *text, const char *kept);
/* Whether the host that this text begins with (a port, a path, or nothing follows) names this
 * machine, so that what is sent there does not leave it: localhost, 127.0.0.1, [::1]. */
bool url_host_is_here(const char *host);

#endif
