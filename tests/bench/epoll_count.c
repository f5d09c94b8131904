/* LD_PRELOAD: counts the calls of epoll_ctl in a file of eight bytes that the runner reads.
 * Calls that libraries make without the C library are not seen; libuv before 1.45 makes none. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <unistd.h>

static int (*real)(int, int, int, struct epoll_event *);
static _Atomic uint64_t *count;

__attribute__((constructor)) static void prepare(void)
{
    const char *path = getenv("EPOLL_COUNT_FILE");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    *(void **)&real = dlsym(RTLD_NEXT, "epoll_ctl");
    if (fd < 0)
        return;
    void *at = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    count = at == MAP_FAILED ? NULL : at;
    close(fd);
}

int epoll_ctl(int epoll, int op, int fd, struct epoll_event *event)
{
    if (count)
        atomic_fetch_add_explicit(count, 1, memory_order_relaxed);
    return real(epoll, op, fd, event);
}
