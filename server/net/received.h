/* How many bytes of a connection were read so far, counted on the wire's side of TLS. In a file of
 * its own because the kernel's tcp_info does not go together with the C library's. */
#ifndef AMPHI_NET_RECEIVED_H
#define AMPHI_NET_RECEIVED_H

#include <stdint.h>

struct ssl_st;

/* ssl NULL: plain TCP. 0 when it cannot be told. */
uint64_t received_bytes(struct ssl_st *ssl, int fd);

#endif
