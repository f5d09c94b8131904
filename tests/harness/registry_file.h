/* Files like the open extraction of the French register of health professionals, made up from a
 * seed: the same columns, sizes and shares, and what readers of the real one stumbled over. Nobody
 * in them exists. */
#ifndef AMPHI_TESTS_REGISTRY_FILE_H
#define AMPHI_TESTS_REGISTRY_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* How the columns were named and how many there were. */
enum registry_layout {
    LAYOUT_56,        /* today's: "(coord. structure)", roles */
    LAYOUT_55,        /* without the register's authority */
    LAYOUT_52,        /* functions in place of roles, capitals, no kind of activity */
    LAYOUT_50,        /* nor sections of pharmacists */
    LAYOUT_NO_SKILLS, /* specialties in a file of their own */
};

struct registry_file {
    uint64_t seed;
    int64_t lines; /* at least; the last person is whole */
    enum registry_layout layout;
    int faulty; /* lines in 100,000 that are to be refused */
    int apart;  /* people in 1,000 of whom a line comes much later */
    bool no_last_bar, crlf, mark;
    /* what was made */
    int64_t persons, made, bad;
};

void registry_file_write(struct registry_file *file, FILE *out);

#endif
