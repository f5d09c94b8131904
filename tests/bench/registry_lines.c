/* Writes a made-up extraction of the French register, from a seed: registry_lines SEED LINES */
#include "harness/registry_file.h"
#include <stdlib.h>

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    struct registry_file file = {
        .seed = strtoull(argv[1], NULL, 10), .lines = strtoll(argv[2], NULL, 10), .apart = 20};
    registry_file_write(&file, stdout);
    return ferror(stdout) ? 1 : 0;
}
