/* The deck of the sample congress, drawn by the program itself: a small PDF of text and shapes with
 * the standard fonts, so that no file needs to be shipped or found. */
#ifndef AMPHI_SAMPLE_DECK_H
#define AMPHI_SAMPLE_DECK_H

#include "base/buf.h"

#define SAMPLE_DECK_FILE "insuffisance-cardiaque-2026.pdf"

/* Adds the whole PDF to an empty buffer of at least 128 KB. */
void sample_deck_write(struct buf *out);

#endif
