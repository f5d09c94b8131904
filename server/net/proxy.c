#include "net/proxy.h"
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

static const unsigned char signature[12] = {'\r', '\n', '\r', '\n', 0,   '\r',
                                            '\n', 'Q',  'U',  'I',  'T', '\n'};

enum family { OVER_TCP4 = 0x11, OVER_TCP6 = 0x21 };

#define TLV_CRC32C 0x03
#define CRC_SIZE   4

/* How much of the body an address takes; 0: none, or a kind that nobody sends here. */
static size_t address_size(unsigned char over)
{
    return over == OVER_TCP4 ? 12 : over == OVER_TCP6 ? 36 : 0;
}

static void fill_v4(const unsigned char *address, const unsigned char *port,
                    struct sockaddr_storage *client)
{
    struct sockaddr_in *a = (struct sockaddr_in *)client;
    a->sin_family = AF_INET;
    memcpy(&a->sin_addr, address, 4);
    memcpy(&a->sin_port, port, 2);
}

/* An IPv4 client of a proxy that listens for both is the same client as by IPv4 alone. */
static void fill_client(unsigned char over, const unsigned char *body,
                        struct sockaddr_storage *client)
{
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    struct sockaddr_in6 *a = (struct sockaddr_in6 *)client;
    memset(client, 0, sizeof *client);
    if (over == OVER_TCP4) {
        fill_v4(body, body + 8, client);
    } else if (memcmp(body, mapped, sizeof mapped) == 0) {
        fill_v4(body + 12, body + 32, client);
    } else {
        a->sin6_family = AF_INET6;
        memcpy(&a->sin6_addr, body, 16);
        memcpy(&a->sin6_port, body + 32, 2);
    }
}

static uint32_t crc32c_add(uint32_t crc, unsigned char byte)
{
    crc ^= byte;
    for (int bit = 0; bit < 8; bit++)
        crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
    return crc;
}

/* Of the whole header, with zeros where the checksum itself is. */
static bool checksum_fits(const unsigned char *bytes, size_t len, size_t at)
{
    uint32_t crc = 0xffffffff, told = 0;
    for (size_t i = 0; i < len; i++)
        crc = crc32c_add(crc, i >= at && i < at + CRC_SIZE ? 0 : bytes[i]);
    for (size_t i = 0; i < CRC_SIZE; i++)
        told = told << 8 | bytes[at + i];
    return ~crc == told;
}

/* The further fields from `at` to the header's end: type, length, value. */
static bool fields_are_whole(const unsigned char *bytes, size_t len, size_t at)
{
    while (at < len) {
        if (len - at < 3)
            return false;
        unsigned char type = bytes[at];
        size_t size = (size_t)bytes[at + 1] << 8 | bytes[at + 2];
        at += 3;
        if (size > len - at)
            return false;
        if (type == TLV_CRC32C && (size != CRC_SIZE || !checksum_fits(bytes, len, at)))
            return false;
        at += size;
    }
    return true;
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
    size_t address = address_size(bytes[13]);
    if ((address == 0 && bytes[13] != 0) || body < address ||
        !fields_are_whole(bytes, *need, PROXY_FIXED_SIZE + address))
        return PROXY_BAD;
    *has_client = address > 0;
    if (*has_client)
        fill_client(bytes[13], bytes + PROXY_FIXED_SIZE, client);
    return PROXY_OK;
}
