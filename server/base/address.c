#include "base/address.h"
#include "base/text.h"
#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/ustring.h>

#define TYPED_MAX   1000 /* characters, with a name that was pasted along */
#define ADDRESS_MAX 254
#define LOCAL_MAX   64
#define LABEL_MAX   63

/* Dot-string of RFC 5321: atoms of ASCII with single dots between. */
static bool local_valid(const char *at, size_t len)
{
    if (len == 0 || len > LOCAL_MAX || at[0] == '.' || at[len - 1] == '.')
        return false;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)at[i];
        if (c == '.' ? at[i + 1] == '.'
                     : !(c < 0x80 && isalnum(c)) && !strchr("!#$%&'*+-/=?^_`{|}~", c))
            return false;
    }
    return true;
}

static bool label_valid(const char *at, size_t len)
{
    if (len == 0 || len > LABEL_MAX || at[0] == '-' || at[len - 1] == '-')
        return false;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)at[i];
        if (c != '-' && !(c < 0x80 && isalnum(c)))
            return false;
    }
    return true;
}

static bool domain_valid(const char *at)
{
    size_t len;
    for (;; at += len + 1) {
        len = strcspn(at, ".");
        if (!label_valid(at, len))
            return false;
        if (!at[len])
            break;
    }
    return strspn(at, "0123456789") < len; /* the last label is not a number */
}

bool address_valid(const char *address)
{
    const char *at = address ? strchr(address, '@') : NULL;
    return at && strlen(address) <= ADDRESS_MAX && local_valid(address, (size_t)(at - address)) &&
           domain_valid(at + 1);
}

/* What cannot be seen goes; the wide forms of East Asian keyboards are plain ones. */
static int32_t clean(UChar *units, int32_t len)
{
    int32_t kept = 0;
    for (int32_t i = 0; i < len; i++) {
        UChar c = units[i];
        if (c >= 0xff01 && c <= 0xff5e)
            c = (UChar)(c - 0xfee0);
        if (!u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
            units[kept++] = c;
    }
    return kept;
}

struct span {
    const UChar *at;
    int32_t len;
};

/* Blanks, and behind an address what ends a sentence or parts a list. */
static void trim(struct span *s)
{
    for (; s->len && u_isUWhiteSpace(*s->at); s->len--)
        s->at++;
    while (s->len && (u_isUWhiteSpace(s->at[s->len - 1]) || s->at[s->len - 1] == '.' ||
                      s->at[s->len - 1] == ',' || s->at[s->len - 1] == ';'))
        s->len--;
}

/* "Anne <a@b.fr>" */
static void unbracket(struct span *s)
{
    const UChar *open = u_memrchr(s->at, '<', s->len);
    bool closed = s->len && s->at[s->len - 1] == '>';
    if (!open || !closed || u_memchr(s->at, '>', s->len - 1))
        return;
    s->len -= (int32_t)(open + 1 - s->at) + 1;
    s->at = open + 1;
}

/* "mailto:a@b.fr" */
static void unscheme(struct span *s)
{
    static const char scheme[] = "mailto:";
    int32_t n = 0;
    while (n < s->len && scheme[n] && u_tolower(s->at[n]) == scheme[n])
        n++;
    if (scheme[n])
        return;
    s->at += n;
    s->len -= n;
}

enum verdict { GOOD, BAD, NOT_ASCII /* before the @; good but for that */ };

/* Letters that are not ASCII become x. */
static enum verdict local_ascii(struct span local, char *out)
{
    enum verdict verdict = GOOD;
    if (local.len > LOCAL_MAX)
        return BAD;
    for (int32_t i = 0; i < local.len; i++) {
        UChar c = local.at[i];
        bool letter = U_IS_SURROGATE(c) || (U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_M_MASK));
        if (c >= 0x80 && !letter)
            return BAD;
        if (c >= 0x80)
            verdict = NOT_ASCII;
        out[i] = (char)(c < 0x80 ? tolower(c) : 'x');
    }
    out[local.len] = '\0';
    return verdict;
}

static const UIDNA *idna;

static void open_idna(void)
{
    UErrorCode status = U_ZERO_ERROR;
    idna = uidna_openUTS46(UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
                               UIDNA_NONTRANSITIONAL_TO_ASCII,
                           &status);
    if (U_FAILURE(status))
        abort();
}

static bool domain_ascii(struct span domain, char *out, size_t size)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    UErrorCode status = U_ZERO_ERROR;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UChar ascii[ADDRESS_SIZE];
    pthread_once(&once, open_idna);
    int32_t len =
        uidna_nameToASCII(idna, domain.at, domain.len, ascii, ADDRESS_SIZE, &info, &status);
    if (U_FAILURE(status) || info.errors || len >= (int32_t)size)
        return false;
    u_UCharsToChars(ascii, out, len);
    out[len] = '\0';
    return true;
}

static enum verdict normal(struct span typed, char out[static ADDRESS_SIZE])
{
    trim(&typed);
    unbracket(&typed);
    unscheme(&typed);
    trim(&typed);
    const UChar *at = u_memrchr(typed.at, '@', typed.len);
    if (!at)
        return BAD;
    struct span local = {typed.at, (int32_t)(at - typed.at)};
    struct span domain = {at + 1, typed.len - local.len - 1};
    enum verdict verdict = local_ascii(local, out);
    if (verdict == BAD)
        return BAD;
    out[local.len] = '@';
    size_t used = (size_t)local.len + 1;
    bool rest = domain_ascii(domain, out + used, ADDRESS_SIZE - used) && address_valid(out);
    return rest ? verdict : BAD;
}

static enum verdict judge(const char *typed, char out[static ADDRESS_SIZE])
{
    int32_t len;
    UChar *units = text_units(typed, TEXT_KEPT, &len);
    enum verdict verdict = normal((struct span){units, clean(units, len)}, out);
    free(units);
    return verdict;
}

bool address_normal(const char *typed, char out[static ADDRESS_SIZE])
{
    return judge(typed, out) == GOOD;
}

void read_address(struct json_reader *r, const char *field, char out[static ADDRESS_SIZE])
{
    const char *typed = json_read_string(r, field, 1, TYPED_MAX);
    out[0] = '\0';
    enum verdict verdict = typed ? judge(typed, out) : GOOD;
    if (verdict == GOOD)
        return;
    out[0] = '\0';
    json_reader_fault(r, field,
                      verdict == NOT_ASCII ? "not ASCII before the @" : "not an e-mail address");
}
