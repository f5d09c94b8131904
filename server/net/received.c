#include "net/received.h"
#include <linux/tcp.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

uint64_t received_bytes(struct ssl_st *ssl, int fd)
{
    if (ssl)
        return BIO_number_read(SSL_get_rbio(ssl));
    int waiting = 0;
    struct tcp_info info = {0};
    socklen_t len = sizeof info;
    if (ioctl(fd, FIONREAD, &waiting) != 0 ||
        getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0)
        return 0;
    return info.tcpi_bytes_received - (uint64_t)waiting;
}
