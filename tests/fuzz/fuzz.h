/* A fuzz target takes bytes from outside and must come back, whatever they are. libFuzzer calls it
 * (`make fuzz`), and so does replay.c, with the files of its corpus (`make fuzz-corpus`). */
#ifndef AMPHI_TESTS_FUZZ_H
#define AMPHI_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Unlike assert(), also there when NDEBUG is. */
#define MUST(holds) ((holds) ? (void)0 : abort())

#endif
