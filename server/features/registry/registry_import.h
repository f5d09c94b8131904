/* An import of the register from a file, whole or not at all. Blocks for as long as it takes. */
#ifndef AMPHI_FEATURES_REGISTRY_IMPORT_H
#define AMPHI_FEATURES_REGISTRY_IMPORT_H

#include "features/registry/registry_reader.h"
#include "features/registry/registry_store.h"

#define REGISTRY_WHY_SIZE 512

struct registry_import {
    const char *path; /* "-": what comes in */
    int64_t data_at;  /* of the data, Unix us; 0: what the file says */
    int64_t now;      /* Unix us */
    bool force;       /* also when it is older than what is there, or seems to lack much */
    bool check;       /* see rpps_fault() */
    /* Told now and then how far it is: of the file, bytes; size 0: not known. NULL: nobody is. */
    void (*progress)(void *arg, int64_t lines, int64_t position, int64_t size);
    void *arg;
    /* what came of it */
    struct registry_edition edition;
    int64_t refused[REGISTRY_FAULTS], first[REGISTRY_FAULTS];
    bool without_specialties; /* the file has no column of them */
    char why[REGISTRY_WHY_SIZE];
};

/* conn: of the owner of the tables, for this alone. False with one line in why: nothing was
 * changed. */
bool registry_import(struct db_conn *conn, struct registry_import *import);

#endif
