/* The colour of an organisation in its mails. */
#ifndef AMPHI_MAIL_ACCENT_H
#define AMPHI_MAIL_ACCENT_H

#define ACCENT_SIZE sizeof "#rrggbb"

/* How well one reads in the other, from 1 to 21 (WCAG 2.2, "contrast ratio"). */
double colour_contrast(const char *one, const char *other);

/* The colour itself where it is readable on white and white on it (4.5:1), else one that is darker;
 * the product's own where it is no colour ("#rrggbb") at all, as of organisations that chose none.
 * Returns out. */
const char *accent_text(char out[static ACCENT_SIZE], const char *colour);

/* In a query: that of organisation o, null where it chose none. */
#define ACCENT_SQL "(SELECT accent FROM organisation_branding b WHERE b.organisation_id = o.id)"

#endif
