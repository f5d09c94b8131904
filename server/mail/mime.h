/* One message as RFC 5322 bytes: 7 bits, lines ended by CRLF, so that every server takes it. What
 * came from people cannot end a header's line. Inside mail/ only. */
#ifndef AMPHI_MAIL_MIME_H
#define AMPHI_MAIL_MIME_H

#include "base/buf.h"
#include "base/id.h"
#include <stdbool.h>
#include <stdint.h>

#define MIME_MAX (4 * 1024 * 1024)

struct mime {
    struct id id;          /* names the message: stays the same when it is sent again */
    int64_t at;            /* Unix us */
    const char *from_name; /* "" when there is none */
    const char *from, *to; /* valid addresses */
    const char *reply_to;  /* a valid address, or NULL */
    const char *subject, *text;
    const char *html, *calendar; /* or NULL */
    const char *calendar_method; /* with calendar */
    const char *unsubscribe;     /* a URL without blanks, or NULL */
    const char *language;
};

/* Check buf_failed(out) afterwards. */
void mime_write(struct buf *out, const struct mime *mime);

/* "Name <address>" or "address"; false when the address is not valid. name gets "" or the name. */
bool mime_split_from(const char *from, char *name, size_t name_size, char *address,
                     size_t address_size);

#endif
