/* The PROXY protocol header, arriving in pieces as the decoder asks for them. */
#include "fuzz/fuzz.h"
#include "net/proxy.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned char bytes[PROXY_MAX_SIZE];
    size_t len = 0, need = 0;
    bool has_client;
    struct sockaddr_storage client;
    while (proxy_decode(bytes, len, &need, &has_client, &client) == PROXY_MORE) {
        MUST(need > len && need <= sizeof bytes);
        if (need > size)
            break;
        memcpy(bytes + len, data + len, need - len);
        len = need;
    }
    MUST(!has_client || client.ss_family == AF_INET || client.ss_family == AF_INET6);
    return 0;
}
