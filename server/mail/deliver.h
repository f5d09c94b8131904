/* The two ways a message leaves: a file, or SMTP. The sender's thread. Inside mail/ only. */
#ifndef AMPHI_MAIL_DELIVER_H
#define AMPHI_MAIL_DELIVER_H

#include "base/id.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WHY_SIZE 256

enum delivery {
    DELIVERED,
    REFUSED,    /* this message: try it again later */
    NO_SERVICE, /* nobody there: no other message has a chance now */
    TOO_LATE,   /* it is worth nothing any more, and was not sent */
};

/* Files: each is written, then all of them become <folder>/<time>-<id>.eml at once, durable when
 * file_name_all() returns, for the disk is waited for once. The same message has the same name, so
 * writing it again replaces it. */
struct mail_file {
    struct id id;
    int64_t at;
};
enum delivery file_write(const char *folder, const struct mail_file *file, const char *bytes,
                         size_t len, char why[static WHY_SIZE]);
enum delivery file_name_all(const char *folder, const struct mail_file *files, size_t n,
                            char why[static WHY_SIZE]);

/* Deletes the files in the folder whose message is to this address. False: not all of them could be
 * read or deleted. */
bool file_forget(const char *folder, const char *address);

struct smtp;
/* The texts are borrowed; user, password and authorities (a PEM file, instead of the machine's) may
 * be NULL. NULL when the URL cannot be used. TLS and a certificate that is right are demanded:
 * mails hold personal links. Only a server on this machine may go without, unless authorities are
 * given. */
struct smtp *smtp_new(const char *url, const char *user, const char *password,
                      const char *authorities, const atomic_bool *abort);
void smtp_free(struct smtp *smtp);
/* Says goodbye after the last message of a while; the next one connects again. */
void smtp_hang_up(struct smtp *smtp);
/* Keeps the connection for the next message. */
enum delivery smtp_deliver(struct smtp *smtp, const char *from, const char *to, const char *bytes,
                           size_t len, char why[static WHY_SIZE]);

#endif
