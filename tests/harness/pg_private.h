/* Shared by pg.c (servers) and pg_databases.c. */
#ifndef AMPHI_TESTS_PG_PRIVATE_H
#define AMPHI_TESTS_PG_PRIVATE_H

#include "harness/pg.h"
#include <sys/types.h>

#define PG_URL_SIZE 256

struct pg {
    char folder[64], bin[128], admin[256];
    bool durable;
    pid_t server, owner;
    struct pg *next;
};

_Noreturn void pg_die(const char *what, const char *why);
/* Room for a URL, of which the last 64 live. */
char *pg_new_url(void);
/* What this process made is ended and dropped at its exit. */
void pg_clean_at_exit(void);
void pg_drop_databases(void);

#endif
