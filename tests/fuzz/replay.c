/* Hands every file below the given folders to a fuzz target, once: the corpus as a regression test.
 * A crash stops it; the file it was at is the last one named on standard error with -v. */
#include "fuzz/fuzz.h"
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static size_t files;
static bool verbose;

#pragma weak LLVMFuzzerInitialize

static int hand_over(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)ftw;
    if (type != FTW_F)
        return 0;
    if (verbose)
        fprintf(stderr, "%s\n", path);
    size_t size = (size_t)st->st_size;
    uint8_t *bytes = malloc(size ? size : 1); /* to the byte: reading past its end is seen */
    FILE *f = fopen(path, "rb");
    if (!bytes || !f || fread(bytes, 1, size, f) != size) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(1);
    }
    fclose(f);
    LLVMFuzzerTestOneInput(bytes, size);
    free(bytes);
    files++;
    return 0;
}

int main(int argc, char **argv)
{
    if (LLVMFuzzerInitialize)
        LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-v") == 0)
            verbose = true;
        else if (nftw(argv[i], hand_over, 16, FTW_PHYS) != 0)
            files = 0;
    }
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    printf("%zu files\n", files);
    return files ? 0 : 1;
}
