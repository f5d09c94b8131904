/* Decodes a PROXY protocol header, version 2 (haproxy's doc/proxy-protocol.txt). Further fields
 * (TLVs) are passed over, except for the checksum, which is held to what came. Pure. */
#ifndef AMPHI_NET_PROXY_H
#define AMPHI_NET_PROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#define PROXY_FIXED_SIZE 16
#define PROXY_MAX_SIZE   (PROXY_FIXED_SIZE + 4096) /* with a client's certificate among the TLVs */

enum proxy_state { PROXY_MORE, PROXY_OK, PROXY_BAD };

/* bytes: what was received so far. PROXY_MORE: *need is how many bytes the header has at least, in
 * all; read no further than that. PROXY_OK: *has_client tells whether a client address is given;
 * else the connection is the proxy's own, a health check, and what else it says is not looked at.
 */
enum proxy_state proxy_decode(const unsigned char *bytes, size_t len, size_t *need,
                              bool *has_client, struct sockaddr_storage *client);

#endif
