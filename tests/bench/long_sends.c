/* LD_PRELOAD: the kernel keeps as much that is not sent yet as it likes (TCP_NOTSENT_LOWAT is left
 * out), so that one build can be measured with and without the bound. */
#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

static int (*real)(int, int, int, const void *, socklen_t);

__attribute__((constructor)) static void prepare(void)
{
    *(void **)&real = dlsym(RTLD_NEXT, "setsockopt");
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
    if (level == IPPROTO_TCP && name == TCP_NOTSENT_LOWAT)
        return 0;
    return real(fd, level, name, value, len);
}
