/* Invitations: people of target lists are invited to a congress by name. A round invites those of a
 * list, by mails of ours or by a file for a CRM. What its texts may hold is decided here, in pure
 * C; whom it invites in SQL, in one place (invitation_people_sql, migration 0082). */
#ifndef AMPHI_FEATURES_INVITATIONS_H
#define AMPHI_FEATURES_INVITATIONS_H

#include "base/buf.h"
#include <stdbool.h>
#include <stddef.h>

extern const struct feature invitations_feature;

#define ROUNDS_MAX             200 /* of a congress */
#define INVITATION_SUBJECT_MAX 200
#define INVITATION_TEXT_MAX    8000
#define OVERRULE_MAX           500

/* What {first_name} and the others stand for. */
struct invitation_words {
    const char *first_name, *last_name, *congress, *organisation, *date;
};

/* Why a subject, or a text of paragraphs that blank lines part, cannot be sent; NULL: it can. An
 * empty one can. {link} stands alone in its paragraph, once at most, and in no subject. */
const char *invitation_text_fault(const char *text, bool subject);

/* The words of `len` bytes, with what the placeholders stand for; check buf_failed(). */
void invitation_fill(struct buf *out, const char *text, size_t len,
                     const struct invitation_words *words);

/* The next paragraph at *at, which moves behind it; NULL: there is none. link: it is {link}. */
const char *invitation_paragraph(const char **at, size_t *len, bool *link);

#endif
