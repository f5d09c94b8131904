#include "net/proxy.h"
#include <netinet/in.h>
#include <string.h>

static const unsigned char signature[12] = {'\r', '\n', '\r', '\n', 0,   '\r',
                                            '\n', 'Q',  'U',  'I',  'T', '\n'};

enum family { OVER_TCP4 = 0x11, OVER_TCP6 = 0x21 };

static bool fill_client(unsigned char over, const unsigned char *body, size_t len,
                        struct sockaddr_storage *client)
{
    memset(client, 0, sizeof *client);
    if (over == OVER_TCP4 && len >= 12) {
        struct sockaddr_in *a = (struct sockaddr_in *)client;
        a->sin_family = AF_INET;
        memcpy(&a->sin_addr, body, 4);
        memcpy(&a->sin_port, body + 8, 2);
        return true;
    }
    if (over == OVER_TCP6 && len >= 36) {
        struct sockaddr_in6 *a = (struct sockaddr_in6 *)client;
        a->sin6_family = AF_INET6;
        memcpy(&a->sin6_addr, body, 16);
        memcpy(&a->sin6_port, body + 32, 2);
        return true;
    }
    return false;
}

enum proxy_state proxy_decode(const unsigned char *bytes, size_t len, size_t *need,
                              bool *has_client, struct sockaddr_storage *client)
{
    *need = PROXY_FIXED_SIZE;
    *has_client = false;
    size_t seen = len < sizeof signature ? len : sizeof signature;
    if (memcmp(bytes, signature, seen) != 0)
        return PROXY_BAD;
    if (len < PROXY_FIXED_SIZE)
        return PROXY_MORE;
    unsigned char version = bytes[12] >> 4, command = bytes[12] & 0xf;
    size_t body = ((size_t)bytes[14] << 8) | bytes[15];
    if (version != 2 || command > 1 || PROXY_FIXED_SIZE + body > PROXY_MAX_SIZE)
        return PROXY_BAD;
    *need = PROXY_FIXED_SIZE + body;
    if (len < *need)
        return PROXY_MORE;
    if (command == 0) /* LOCAL */
        return PROXY_OK;
    *has_client = fill_client(bytes[13], bytes + PROXY_FIXED_SIZE, body, client);
    return *has_client || bytes[13] == 0 ? PROXY_OK : PROXY_BAD;
}
