/* The PROXY protocol's header, as haproxy's doc/proxy-protocol.txt has it. */
#include "net/proxy.h"
#include "run.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

static const unsigned char proxy_v4[] = {'\r', '\n', '\r', '\n', 0,    '\r', '\n', 'Q', 'U', 'I',
                                         'T',  '\n', 0x21, 0x11, 0,    12,   192,  0,   2,   7,
                                         10,   0,    0,    1,    0x30, 0x39, 0x01, 0xbb};

START_TEST(the_proxy_header_is_decoded_and_no_more_is_asked_for)
{
    size_t need;
    bool has;
    struct sockaddr_storage from;
    for (size_t n = 0; n < sizeof proxy_v4; n++) {
        ck_assert_int_eq(proxy_decode(proxy_v4, n, &need, &has, &from), PROXY_MORE);
        ck_assert_uint_eq(need, n < 16 ? 16 : sizeof proxy_v4);
    }
    ck_assert_int_eq(proxy_decode(proxy_v4, sizeof proxy_v4, &need, &has, &from), PROXY_OK);
    ck_assert(has);
    ck_assert_uint_eq(ntohl(((struct sockaddr_in *)&from)->sin_addr.s_addr), 0xc0000207);
    unsigned char local[sizeof proxy_v4];
    memcpy(local, proxy_v4, sizeof local);
    local[12] = 0x20;
    ck_assert_int_eq(proxy_decode(local, sizeof local, &need, &has, &from), PROXY_OK);
    ck_assert(!has);
}
END_TEST

START_TEST(a_bad_proxy_header_is_refused_early)
{
    size_t need;
    bool has;
    struct sockaddr_storage from;
    static const struct {
        size_t at;
        unsigned char value;
    } faults[] = {{0, 'G'}, {11, 'x'}, {12, 0x11}, {12, 0x22}, {13, 0x12}, {14, 0xff}, {15, 4}};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        unsigned char bytes[sizeof proxy_v4];
        memcpy(bytes, proxy_v4, sizeof bytes);
        bytes[faults[i].at] = faults[i].value;
        ck_assert_msg(proxy_decode(bytes, sizeof bytes, &need, &has, &from) == PROXY_BAD, "%zu", i);
    }
    ck_assert_int_eq(proxy_decode((const unsigned char *)"\x16\x03", 2, &need, &has, &from),
                     PROXY_BAD);
}
END_TEST

/* A header of a family with an address and what else is given. */
struct header {
    unsigned char bytes[PROXY_MAX_SIZE + 16];
    size_t len;
};

static struct header header_of(unsigned char command, unsigned char family, const void *address,
                               size_t address_len)
{
    struct header h = {.len = 16 + address_len};
    memcpy(h.bytes, proxy_v4, 12);
    h.bytes[12] = command;
    h.bytes[13] = family;
    memcpy(h.bytes + 16, address, address_len);
    h.bytes[14] = (unsigned char)(address_len >> 8);
    h.bytes[15] = (unsigned char)address_len;
    return h;
}

static void add_field(struct header *h, unsigned char type, const void *value, size_t len)
{
    h->bytes[h->len] = type;
    h->bytes[h->len + 1] = (unsigned char)(len >> 8);
    h->bytes[h->len + 2] = (unsigned char)len;
    memcpy(h->bytes + h->len + 3, value, len);
    h->len += 3 + len;
    h->bytes[14] = (unsigned char)((h->len - 16) >> 8);
    h->bytes[15] = (unsigned char)(h->len - 16);
}

/* The text of the client's address, "-" where there is none, "bad". */
static const char *client_of(const struct header *h)
{
    static char text[INET6_ADDRSTRLEN];
    size_t need;
    bool has;
    struct sockaddr_storage from;
    enum proxy_state state = proxy_decode(h->bytes, h->len, &need, &has, &from);
    if (state != PROXY_OK)
        return state == PROXY_BAD ? "bad" : "more";
    ck_assert_uint_eq(need, h->len);
    if (!has)
        return "-";
    const void *at = from.ss_family == AF_INET6 ? (void *)&((struct sockaddr_in6 *)&from)->sin6_addr
                                                : (void *)&((struct sockaddr_in *)&from)->sin_addr;
    return inet_ntop(from.ss_family, at, text, sizeof text);
}

START_TEST(the_proxy_header_tells_clients_of_both_kinds)
{
    unsigned char v6[36] = {0x20, 0x01, 0x0d, 0xb8, [15] = 7, [31] = 1, 0x30, 0x39, 0x01, 0xbb};
    unsigned char mapped[36] = {[10] = 0xff, [11] = 0xff, 192, 0, 2, 9, [31] = 1};
    struct header h = header_of(0x21, 0x21, v6, sizeof v6);
    ck_assert_str_eq(client_of(&h), "2001:db8::7");
    h = header_of(0x21, 0x21, mapped, sizeof mapped);
    ck_assert_str_eq(client_of(&h), "192.0.2.9");
    h = header_of(0x21, 0x21, v6, 35);
    ck_assert_str_eq(client_of(&h), "bad");
    h = header_of(0x21, 0x00, "", 0); /* neither told nor refused */
    ck_assert_str_eq(client_of(&h), "-");
    h = header_of(0x21, 0x31, v6, 36); /* unix sockets */
    ck_assert_str_eq(client_of(&h), "bad");
    h = header_of(0x20, 0x31, "\1\2\3", 3); /* LOCAL: whatever it says */
    ck_assert_str_eq(client_of(&h), "-");
}
END_TEST

static const unsigned char *of_v4(void)
{
    return proxy_v4 + 16;
}

/* Independent of what is tested: by the definition's own table-free form, most significant bit
 * first, of the bits turned round. */
static uint32_t crc_of(const unsigned char *bytes, size_t len)
{
    uint32_t crc = 0xffffffff, turned = 0;
    for (size_t i = 0; i < 8 * len; i++) {
        uint32_t bit = bytes[i / 8] >> i % 8 & 1;
        crc = crc << 1 ^ ((crc >> 31 ^ bit) ? 0x1edc6f41 : 0);
    }
    for (int i = 0; i < 32; i++)
        turned |= (~crc >> i & 1) << (31 - i);
    return turned;
}

START_TEST(further_fields_are_passed_over_and_the_checksum_is_held_to)
{
    ck_assert_uint_eq(crc_of((const unsigned char *)"123456789", 9), 0xe3069283); /* as published */
    struct header h = header_of(0x21, 0x11, of_v4(), 12);
    add_field(&h, 0x05, "unique", 6);
    add_field(&h, 0x20, (unsigned char[]){1, 0, 0, 0, 0}, 5);
    add_field(&h, 0xe9, "", 0);
    ck_assert_str_eq(client_of(&h), "192.0.2.7");
    size_t crc_at = h.len + 3;
    add_field(&h, 0x03, (unsigned char[4]){0}, 4);
    add_field(&h, 0x04, "padding", 7);
    uint32_t crc = crc_of(h.bytes, h.len);
    for (int i = 0; i < 4; i++)
        h.bytes[crc_at + (size_t)i] = (unsigned char)(crc >> (24 - 8 * i));
    ck_assert_str_eq(client_of(&h), "192.0.2.7");
    h.bytes[16] ^= 1; /* the address is not the one that was sent */
    ck_assert_str_eq(client_of(&h), "bad");
    h = header_of(0x21, 0x11, of_v4(), 12);
    add_field(&h, 0x03, "abc", 3);
    ck_assert_str_eq(client_of(&h), "bad");
    h = header_of(0x21, 0x11, of_v4(), 12);
    add_field(&h, 0x05, "unique", 6);
    h.bytes[h.len - 7] = 7; /* longer than the header */
    ck_assert_str_eq(client_of(&h), "bad");
    unsigned char large[PROXY_MAX_SIZE] = {0};
    h = header_of(0x21, 0x11, of_v4(), 12);
    add_field(&h, 0x22, large, PROXY_MAX_SIZE - 16 - 12 - 3);
    ck_assert_str_eq(client_of(&h), "192.0.2.7");
    h = header_of(0x21, 0x11, of_v4(), 12);
    add_field(&h, 0x22, large, PROXY_MAX_SIZE - 16 - 12 - 2);
    ck_assert_str_eq(client_of(&h), "bad");
}
END_TEST

RUN_TESTS("proxy", the_proxy_header_is_decoded_and_no_more_is_asked_for,
          a_bad_proxy_header_is_refused_early, the_proxy_header_tells_clients_of_both_kinds,
          further_fields_are_passed_over_and_the_checksum_is_held_to)
