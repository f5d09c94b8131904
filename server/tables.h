/* `amphi tables`: every route and command as JSON, read from the tables that serve them. Tests hold
 * openapi.yaml, PROTOCOL.md and the borders between organisations to it. */
#ifndef AMPHI_TABLES_H
#define AMPHI_TABLES_H

struct feature;
int tables_print(const struct feature *const *features);

#endif
