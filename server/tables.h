/* `amphi tables`: what every feature declares (room/feature.h) as JSON, read from the tables that
 * serve it. Tests hold openapi.yaml, PROTOCOL.md, the browser's decoders, the catalogue of the
 * database and the borders between organisations to it. */
#ifndef AMPHI_TABLES_H
#define AMPHI_TABLES_H

struct feature;
int tables_print(const struct feature *const *features);

#endif
