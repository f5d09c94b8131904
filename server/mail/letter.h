/* The words of a mail, written once as plain text and once as simple HTML, with everything that
 * came from people escaped. A letter is bounded (LETTER_MAX); letter_ok() says whether it fits.
 *
 *     struct letter l;
 *     letter_init(&l, "fr", subject, &(struct letter_sender){organisation, accent});
 *     letter_paragraph(&l, "Bonjour %s,", name);
 *     letter_action(&l, "Rejoindre", url);
 *     letter_end(&l, signature);
 *     … l.text.data, l.html.data …
 *     letter_release(&l); */
#ifndef AMPHI_MAIL_LETTER_H
#define AMPHI_MAIL_LETTER_H

#include "base/buf.h"
#include "mail/accent.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define LETTER_MAX (256 * 1024)

struct letter {
    struct buf text, html;
    json_t *blocks; /* what stands in it, one after the other, once asked for; else NULL */
    char accent[ACCENT_SIZE];
};

/* Whose letter it is, as its head says, in the sender's colour; none or "": the product's. */
struct letter_sender {
    const char *name, *accent;
};

/* title: the subject. */
void letter_init(struct letter *l, const char *language, const char *title,
                 const struct letter_sender *sender);
void letter_release(struct letter *l);
/* From here on it is also kept as JSON: {paragraph}, {facts: [{label, value}]}, {action}, {link},
 * {end}; for whoever shows a letter without its HTML. */
void letter_keep_blocks(struct letter *l);
void letter_paragraph(struct letter *l, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* "label: value" lines that belong together; empty values are left out. */
struct letter_fact {
    const char *label, *value;
};
void letter_facts(struct letter *l, const struct letter_fact *facts, size_t n);
/* A link on a line of its own, as a button in HTML. */
void letter_action(struct letter *l, const char *label, const char *url);
/* The same for what is not the purpose of the letter, as a plain link. */
void letter_link(struct letter *l, const char *label, const char *url);
/* The last lines, and the end of the HTML document. */
void letter_end(struct letter *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool letter_ok(const struct letter *l);

/* A local date and time, "2026-12-01T19:30", for people: "mardi 1er décembre 2026 à 19:30
 * (heure de Paris)", "Tuesday 1 December 2026 at 19:30 (Paris time)". Returns out; "" when local
 * is not of that form. */
#define DATE_TEXT_SIZE 240
const char *date_text(char out[static DATE_TEXT_SIZE], const char *local, const char *language,
                      const char *time_zone);
/* "45 minutes", "1 h 30", "2 h" / "1 h 30 min". Returns out. */
#define DURATION_TEXT_SIZE 40
const char *duration_text(char out[static DURATION_TEXT_SIZE], int minutes, const char *language);

#endif
