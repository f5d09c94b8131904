/* The configuration file. */
#include "base/config.h"
#include "fuzz/fuzz.h"
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64], why[256];
    struct config config;
    int fd = memfd_create("amphi.conf", MFD_CLOEXEC);
    MUST(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (!config_load(&config, path, why, sizeof why))
        MUST(why[0] && strlen(why) < sizeof why);
    config_release(&config);
    close(fd);
    return 0;
}
