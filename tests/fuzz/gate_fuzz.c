/* What a peer sends, read by the gate in pieces of any size: the verdict is the same as byte by
 * byte, and what passes is framed as the standards say. The first byte: of what kind it is and how
 * large the pieces are. */
#include "base/frame.h"
#include "base/json.h"
#include "fuzz/fuzz.h"
#include "net/gate.h"
#include <string.h>

static void check_state(const struct gate *g)
{
    MUST(g->name_len <= GATE_NAME + 1 && g->value_len <= GATE_DIGITS + 1 && g->heads <= 64);
    MUST(g->control_len <= GATE_CONTROL && g->head_len <= sizeof g->head);
    MUST(g->heads == 64 || g->bodies >> g->heads == 0);
}

static bool same(const struct gate *a, const struct gate *b)
{
    return a->at == b->at && a->left == b->left && a->bodies == b->bodies && a->heads == b->heads &&
           a->head_len == b->head_len && a->in_message == b->in_message;
}

/* --- HTTP --- */

/* Outside of bodies a line ends in CRLF and in nothing else. */
static bool read_http_bytes(struct gate *g, const uint8_t *data, size_t size, size_t *used)
{
    uint8_t last = 0;
    for (*used = 0; *used < size && g->at != GATE_FRAMES && g->at != GATE_OFF;) {
        size_t one = 0;
        bool body = g->at == GATE_BODY;
        uint8_t c = data[*used];
        if (!gate_http(g, data + *used, 1, &one))
            return false;
        MUST(one == 1);
        if (!body)
            MUST(c && (c == '\n') == (last == '\r'));
        last = body ? 0 : c;
        *used += one;
        check_state(g);
    }
    return true;
}

static bool read_http(struct gate *g, const uint8_t *data, size_t size, size_t piece, size_t *used)
{
    for (*used = 0; *used < size;) {
        size_t some = 0, n = size - *used < piece ? size - *used : piece;
        if (!gate_http(g, data + *used, n, &some))
            return false;
        *used += some;
        if (some < n)
            break;
    }
    return true;
}

static void ask_for_all(struct gate *g)
{
    for (int i = g->heads; i > 0; i--) {
        MUST(gate_lets_pass(g));
        gate_body_follows(g, false);
    }
    MUST(g->heads == 0 && g->bodies == 0);
    MUST(gate_lets_pass(g) == (g->at != GATE_FRAMES && g->at != GATE_OFF));
    MUST(gate_body_follows(g, true));
}

static void try_http(const uint8_t *data, size_t size, size_t piece)
{
    struct gate one = {0}, many = {0};
    size_t one_used, many_used;
    bool good = read_http_bytes(&one, data, size, &one_used);
    MUST(good == read_http(&many, data, size, piece, &many_used));
    if (!good)
        return;
    MUST(one_used == many_used && same(&one, &many));
    ask_for_all(&one);
}

/* --- frames --- */

static uint16_t close_code(const uint8_t *text, uint64_t len)
{
    unsigned code = len < 2 ? 0 : (unsigned)text[0] << 8 | text[1];
    bool known = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
                 (code >= 3000 && code < 5000);
    if (!known)
        return CLOSE_BROKEN;
    if (!utf8_valid((const char *)text + 2, (size_t)len - 2))
        return CLOSE_NOT_UTF8;
    return code >= 1012 && code <= 1014 ? (uint16_t)code : 0;
}

static uint16_t read_control(const uint8_t *f, size_t head, size_t len, struct gate_seen *seen)
{
    uint8_t text[GATE_CONTROL];
    int opcode = f[0] & 0x0f;
    for (size_t i = 0; i < len; i++)
        text[i] = f[head + i] ^ f[head - 4 + i % 4];
    if (opcode == 9) {
        seen->pings++;
        memcpy(seen->ping, text, seen->ping_len = len);
    }
    return opcode == 8 && len ? close_code(text, len) : 0;
}

/* Whether its first bytes, as many as are here, may begin a frame. */
static bool may_begin(const uint8_t *f, size_t here, bool open)
{
    int opcode = f[0] & 0x0f;
    bool last = f[0] & 0x80, control = opcode >= 8;
    if ((f[0] & 0x70) || opcode > 10 || (opcode > 2 && opcode < 8))
        return false;
    if (control ? !last : (opcode == 0) != open)
        return false;
    if (here > 1 && (!(f[1] & 0x80) || (control && (f[1] & 0x7f) > 125)))
        return false;
    return here < 3 || (f[1] & 0x7f) != 127 || !(f[2] & 0x80);
}

/* A second reading of RFC 6455, of the whole: the code to close with, and the last ping. */
static uint16_t read_frames(const uint8_t *data, size_t size, struct gate_seen *seen)
{
    bool open = false;
    for (size_t at = 0; at < size;) {
        const uint8_t *f = data + at;
        size_t here = size - at, small = here > 1 ? f[1] & 0x7f : 0;
        size_t more = small == 126 ? 2 : small == 127 ? 8 : 0, head = 6 + more;
        if (!may_begin(f, here, open))
            return CLOSE_BROKEN;
        if (here < head)
            return 0;
        uint64_t len = more ? 0 : small;
        for (size_t i = 0; i < more; i++)
            len = len << 8 | f[2 + i];
        if ((more == 2 && len < 126) || (more == 8 && len < 65536))
            return CLOSE_BROKEN;
        open = f[0] & 0x08 ? open : !(f[0] & 0x80);
        if (here - head < len)
            return 0;
        uint16_t code = f[0] & 0x08 ? read_control(f, head, (size_t)len, seen) : 0;
        if (code)
            return code;
        at += head + (size_t)len;
    }
    return 0;
}

static void try_frames(const uint8_t *data, size_t size, size_t piece)
{
    struct gate g = {.at = GATE_FRAMES};
    struct gate_seen want = {0}, seen = {0};
    uint16_t code = 0, wanted = read_frames(data, size, &want);
    for (size_t at = 0; at < size && !code; at += piece) {
        code = gate_frames(&g, data + at, size - at < piece ? size - at : piece, &seen);
        check_state(&g);
    }
    MUST(code == wanted && seen.pings == want.pings && seen.ping_len == want.ping_len);
    MUST(!memcmp(seen.ping, want.ping, want.ping_len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    size_t piece = 1 + (data[0] >> 1);
    if (data[0] & 1)
        try_frames(data + 1, size - 1, piece);
    else
        try_http(data + 1, size - 1, piece);
    return 0;
}
