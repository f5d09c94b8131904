#include "net/gate.h"
#include "base/frame.h"
#include "base/json.h"
#include <string.h>
#include <strings.h>

/* --- HTTP: RFC 9112 --- */

static bool is_token(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_text(unsigned char c)
{
    return c == '\t' || (c >= 0x20 && c != 0x7f);
}

static bool name_is(const struct gate *g, const char *name)
{
    return g->name_len == strlen(name) && strncasecmp(g->name, name, g->name_len) == 0;
}

static void add_name(struct gate *g, unsigned char c)
{
    if (g->name_len < GATE_NAME)
        g->name[g->name_len++] = (char)c;
    else
        g->name_len = GATE_NAME + 1;
}

static void add_value(struct gate *g, unsigned char c)
{
    if (c == ' ' || c == '\t')
        return; /* inside a number it makes two, which what reads the length refuses */
    if (g->value_len < GATE_DIGITS)
        g->value[g->value_len++] = (char)c;
    else
        g->value_len = GATE_DIGITS + 1;
}

/* A length that is none is refused by whoever reads it: nothing that follows is a request then. */
static bool read_length(struct gate *g)
{
    uint64_t n = 0;
    if (g->value_len == 0 || g->value_len >= GATE_DIGITS)
        return false;
    for (int i = 0; i < g->value_len; i++) {
        if (g->value[i] < '0' || g->value[i] > '9')
            return false;
        n = 10 * n + (uint64_t)(g->value[i] - '0');
    }
    g->left = n;
    return true;
}

static void end_field(struct gate *g)
{
    if (name_is(g, "content-length")) {
        bool good = read_length(g);
        g->lengths = (uint8_t)(g->lengths || !good ? 2 : 1);
    }
    g->coded |= name_is(g, "transfer-encoding");
    g->upgrade |= name_is(g, "upgrade");
}

static bool end_head(struct gate *g)
{
    bool body = g->left || g->coded || g->lengths > 1;
    if ((g->coded && g->lengths) || g->heads == 64)
        return false;
    g->bodies |= (uint64_t)body << g->heads++;
    if (g->upgrade)
        g->at = GATE_FRAMES;
    else if (g->coded || g->lengths > 1)
        g->at = GATE_OFF;
    else
        g->at = g->left ? GATE_BODY : GATE_START;
    g->coded = g->upgrade = false;
    g->lengths = 0;
    return true;
}

/* False: it may not stand there. */
static bool take(struct gate *g, unsigned char c)
{
    switch (g->at) {
    case GATE_START:
        g->at = c == '\r' ? GATE_START_LF : GATE_LINE;
        return c == '\r' || is_token(c);
    case GATE_LINE:
        g->at = c == '\r' ? GATE_LINE_LF : GATE_LINE;
        return c == '\r' || is_text(c);
    case GATE_FIELD:
        g->name_len = g->value_len = 0;
        g->at = c == '\r' ? GATE_END_LF : GATE_FIELD_NAME;
        add_name(g, c);
        return c == '\r' || is_token(c); /* a blank would continue the line before */
    case GATE_FIELD_NAME:
        g->at = c == ':' ? GATE_VALUE : GATE_FIELD_NAME;
        add_name(g, c);
        g->name_len -= c == ':';
        return c == ':' || is_token(c);
    case GATE_VALUE:
        g->at = c == '\r' ? GATE_VALUE_LF : GATE_VALUE;
        if (c != '\r')
            add_value(g, c);
        return c == '\r' || is_text(c);
    case GATE_START_LF:
        g->at = GATE_START;
        return c == '\n';
    case GATE_LINE_LF:
        g->at = GATE_FIELD;
        return c == '\n';
    case GATE_VALUE_LF:
        end_field(g);
        g->at = GATE_FIELD;
        return c == '\n';
    case GATE_END_LF:
        return c == '\n' && end_head(g);
    default:
        return true;
    }
}

bool gate_body_follows(struct gate *g, bool otherwise)
{
    if (g->heads == 0)
        return otherwise;
    bool body = g->bodies & 1;
    g->bodies >>= 1;
    g->heads--;
    return body;
}

bool gate_lets_pass(const struct gate *g)
{
    return g->heads > 0 || (g->at != GATE_FRAMES && g->at != GATE_OFF);
}

bool gate_http(struct gate *g, const unsigned char *bytes, size_t len, size_t *used)
{
    size_t i = 0;
    while (i < len && g->at != GATE_FRAMES && g->at != GATE_OFF) {
        if (g->at == GATE_BODY) {
            size_t n = len - i < g->left ? len - i : (size_t)g->left;
            i += n;
            g->left -= n;
            if (g->left == 0)
                g->at = GATE_START;
        } else if (!take(g, bytes[i++])) {
            return false;
        }
    }
    *used = i;
    return true;
}

/* --- frames: RFC 6455, 5 --- */

static bool is_control(const struct gate *g)
{
    return g->head[0] & 0x08;
}

/* How long the head is, as far as it is here. */
static size_t head_size(const struct gate *g)
{
    if (g->head_len < 2)
        return 2;
    int n = g->head[1] & 0x7f;
    return 2 + (n == 126 ? 2 : n == 127 ? 8 : 0) + (g->head[1] & 0x80 ? 4 : 0);
}

static uint64_t length_in(const struct gate *g, size_t n)
{
    uint64_t length = 0;
    for (size_t i = 0; i < n; i++)
        length = length << 8 | g->head[2 + i];
    return length;
}

/* Each byte of the head is judged when it is here: lws, which gives up at once, must not be first.
 */
static bool opcode_is_good(const struct gate *g)
{
    int opcode = g->head[0] & 0x0f;
    bool last = g->head[0] & 0x80;
    if (g->head[0] & 0x70)
        return false;
    if (is_control(g))
        return opcode <= 0x0a && last;
    return opcode <= 2 && (opcode == 0) == g->in_message;
}

static bool mask_is_good(const struct gate *g)
{
    return (g->head[1] & 0x80) && (!is_control(g) || (g->head[1] & 0x7f) <= GATE_CONTROL);
}

static bool head_is_good(const struct gate *g)
{
    switch (g->head_len) {
    case 1:
        return opcode_is_good(g);
    case 2:
        return mask_is_good(g);
    case 3: /* of 64 bits the first must not be set */
        return (g->head[1] & 0x7f) != 127 || !(g->head[2] & 0x80);
    default:
        return true;
    }
}

/* The length must be in the fewest bytes that hold it. */
static bool begin_frame(struct gate *g)
{
    int n = g->head[1] & 0x7f;
    g->left = n == 126 ? length_in(g, 2) : n == 127 ? length_in(g, 8) : (uint64_t)n;
    g->control_len = 0;
    if (!is_control(g))
        g->in_message = !(g->head[0] & 0x80);
    return n < 126 || (n == 126 ? g->left >= 126 : g->left > 0xffff);
}

/* The codes that may stand in a close frame: those of the RFC and of IANA's list, and private ones.
 */
static bool is_close_code(unsigned code)
{
    return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
           (code >= 3000 && code <= 4999);
}

static uint16_t check_close(const struct gate *g)
{
    if (g->control_len == 0)
        return 0;
    unsigned code = (unsigned)g->control[0] << 8 | g->control[1];
    if (g->control_len == 1 || !is_close_code(code))
        return CLOSE_BROKEN;
    if (!utf8_valid((const char *)g->control + 2, g->control_len - 2u))
        return CLOSE_NOT_UTF8;
    return code >= 1012 && code <= 1014 ? (uint16_t)code : 0; /* lws answers these with 1002 */
}

static uint16_t end_control(struct gate *g, struct gate_seen *seen)
{
    int opcode = g->head[0] & 0x0f;
    if (opcode == 9) {
        seen->pings++;
        seen->ping_len = g->control_len;
        memcpy(seen->ping, g->control, g->control_len);
    }
    return opcode == 8 ? check_close(g) : 0;
}

/* Payload of the frame; how much of it. */
static size_t take_payload(struct gate *g, const unsigned char *bytes, size_t len)
{
    size_t n = len < g->left ? len : (size_t)g->left;
    const uint8_t *mask = g->head + head_size(g) - 4;
    for (size_t i = 0; is_control(g) && i < n; i++) {
        g->control[g->control_len] = bytes[i] ^ mask[g->control_len % 4];
        g->control_len++;
    }
    g->left -= n;
    return n;
}

uint16_t gate_frames(struct gate *g, const unsigned char *bytes, size_t len, struct gate_seen *seen)
{
    for (size_t i = 0; i < len;) {
        if (g->head_len < head_size(g)) {
            g->head[g->head_len++] = bytes[i++];
            bool whole = g->head_len == head_size(g);
            if (!head_is_good(g) || (whole && !begin_frame(g)))
                return CLOSE_BROKEN;
            if (!whole)
                continue;
        } else {
            i += take_payload(g, bytes + i, len - i);
        }
        if (g->left > 0)
            continue;
        uint16_t code = is_control(g) ? end_control(g, seen) : 0;
        g->head_len = 0;
        if (code)
            return code;
    }
    return 0;
}
