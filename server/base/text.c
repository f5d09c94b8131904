#include "base/text.h"
#include "base/mem.h"
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

static bool is_blank(UChar32 c)
{
    return c == '\t' || u_charType(c) == U_SPACE_SEPARATOR;
}

/* Behind it a joiner changes how letters look (RFC 5892, appendix A.1), or emoji are joined. */
static bool may_join(UChar32 c)
{
    return u_getIntPropertyValue(c, UCHAR_JOINING_TYPE) != U_JT_NON_JOINING ||
           u_getCombiningClass(c) == 9 || u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC) ||
           u_hasBinaryProperty(c, UCHAR_EMOJI_MODIFIER) || c == 0xfe0f;
}

/* Behind it a selector chooses between forms: of Han in names, of Mongolian, of emoji. */
static bool may_vary(UChar32 c)
{
    UErrorCode status = U_ZERO_ERROR;
    return u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC) || u_hasBinaryProperty(c, UCHAR_EMOJI) ||
           uscript_getScript(c, &status) == USCRIPT_MONGOLIAN;
}

/* c, with its neighbours (0: none), is nothing that can be seen. */
static bool hidden(UChar32 before, UChar32 c, UChar32 after)
{
    if (c == 0x200c || c == 0x200d)
        return !before || !may_join(before) || !after || !u_isgraph(after);
    if (u_hasBinaryProperty(c, UCHAR_VARIATION_SELECTOR))
        return !before || !may_vary(before);
    if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) || c == 0x2800)
        return true;
    switch (u_charType(c)) {
    case U_UNASSIGNED:
    case U_FORMAT_CHAR:
    case U_PRIVATE_USE_CHAR:
    case U_SURROGATE:
        return true;
    default:
        return false;
    }
}

static const char *line_fault(UChar32 before, UChar32 c, UChar32 after)
{
    if (c == '\n')
        return "line break";
    int8_t type = u_charType(c);
    if (type == U_CONTROL_CHAR || type == U_LINE_SEPARATOR || type == U_PARAGRAPH_SEPARATOR)
        return "control character";
    return hidden(before, c, after) ? "invisible character" : NULL;
}

UChar *text_units(const char *text, enum text_form form, int32_t *units)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *how = form == TEXT_KEPT ? unorm2_getNFCInstance(&status)
                                                : unorm2_getNFKCCasefoldInstance(&status);
    int32_t bytes = (int32_t)strlen(text), len = 0; /* of one unit come at most 3, or 18 */
    int32_t most = (form == TEXT_KEPT ? 3 : 18) * (bytes + 1);
    UChar *plain = mem_new_array((size_t)bytes + 1, sizeof *plain);
    UChar *out = mem_new_array((size_t)most, sizeof *out);
    u_strFromUTF8(plain, bytes + 1, &len, text, bytes, &status);
    *units = unorm2_normalize(how, plain, len, out, most, &status);
    if (U_FAILURE(status))
        *units = 0;
    free(plain);
    return out;
}

/* Blanks that French puts before a colon, and the one of Chinese and Japanese, stay. */
static UChar32 blank_kept(UChar32 c)
{
    return c == 0xa0 || c == 0x202f || c == 0x3000 ? c : ' ';
}

/* Takes `units` from `from` to `to`, unless there is a fault; of blanks in a row the first. */
static char *write_line(const UChar *units, int32_t from, int32_t to, const char **fault)
{
    char *out = mem_new((size_t)(to - from) * U8_MAX_LENGTH + 1);
    UChar32 before = 0, c, after;
    int32_t len = 0;
    *fault = NULL;
    while (from < to && !*fault) {
        U16_NEXT(units, from, to, c);
        bool blank = is_blank(c);
        if (blank)
            c = blank_kept(c);
        after = 0;
        if (from < to)
            U16_GET(units, 0, from, to, after);
        *fault = line_fault(before, c, after);
        if (!blank || !is_blank(before))
            U8_APPEND_UNSAFE(out, len, c);
        before = c;
    }
    if (!*fault)
        return out;
    free(out);
    return NULL;
}

static bool is_margin(UChar32 c)
{
    return c == '\n' || is_blank(c);
}

/* All blanks and line breaks are in the basic plane. */
static void trim(const UChar *units, int32_t *from, int32_t *to)
{
    while (*from < *to && is_margin(units[*from]))
        (*from)++;
    while (*from < *to && is_margin(units[*to - 1]))
        (*to)--;
}

char *text_line(const char *typed, const char **fault)
{
    int32_t from = 0, to;
    UChar *units = text_units(typed, TEXT_KEPT, &to);
    trim(units, &from, &to);
    char *line = write_line(units, from, to, fault);
    free(units);
    return line;
}

char *text_trimmed(const char *typed)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t from = 0, to, len = 0;
    UChar *units = text_units(typed, TEXT_KEPT, &to);
    trim(units, &from, &to);
    size_t size = (size_t)(to - from) * U8_MAX_LENGTH + 1;
    char *out = mem_new(size);
    u_strToUTF8(out, (int32_t)size, &len, units + from, to - from, &status);
    free(units);
    return out;
}

bool text_shows(const char *text)
{
    int32_t i = 0, len = (int32_t)strlen(text);
    UChar32 c;
    while (i < len) {
        U8_NEXT(text, i, len, c);
        if (c > 0 && u_isgraph(c) && !hidden(0, c, 0) && !(U_GET_GC_MASK(c) & U_GC_M_MASK))
            return true;
    }
    return false;
}

bool text_is_dot(UChar32 c)
{
    return c == '.' || c == 0x2024 || c == 0x3002 || c == 0xff0e || c == 0xff61;
}

static bool starts(const UChar *units, int32_t left, const char *word)
{
    int32_t len = (int32_t)strlen(word);
    for (int32_t i = 0; i < len; i++)
        if (i >= left || units[i] != (UChar)word[i])
            return false;
    return true;
}

/* A dot with a letter or digit before it, and behind it what may be a top-level domain. */
static bool is_domain(const UChar *units, int32_t dot, int32_t len)
{
    UChar32 before, first = 0, second = 0;
    int32_t i = dot + 1;
    if (dot == 0 || i >= len)
        return false;
    U16_GET(units, 0, dot - 1, len, before);
    U16_NEXT(units, i, len, first);
    if (i < len)
        U16_GET(units, 0, i, len, second);
    return u_isalnum(before) && u_isalpha(first) && (u_isalnum(second) || second == '-');
}

bool text_links(const char *text)
{
    int32_t len;
    UChar *units = text_units(text, TEXT_FOLDED, &len);
    bool found = false;
    for (int32_t i = 0; i < len && !found; i++)
        found = units[i] == '@' || starts(units + i, len - i, "://") ||
                starts(units + i, len - i, "www.") ||
                (text_is_dot(units[i]) && is_domain(units, i, len));
    free(units);
    return found;
}

const char *text_replace(json_t *value, char *kept)
{
    int failed = kept ? json_string_set_nocheck(value, kept) : -1;
    free(kept);
    return failed ? NULL : json_string_value(value);
}

static const char *sized(struct json_reader *r, const char *name, const char *text, size_t min,
                         size_t max)
{
    if (!text)
        return NULL;
    size_t len = utf8_length(text);
    if (len <= max && len >= min && (min == 0 || text_shows(text)))
        return text;
    json_reader_fault(r, name, len > max ? "too long" : "too short");
    return NULL;
}

#define TYPED(max) (2 * (max) + 1000) /* what surrounds a text is not what is too long */

const char *item_line(struct json_reader *r, const char *name, json_t *item, size_t min, size_t max)
{
    const char *fault = NULL, *typed = json_item_string(r, name, item, 0, TYPED(max));
    char *kept = typed ? text_line(typed, &fault) : NULL;
    if (fault)
        json_reader_fault(r, name, fault);
    return sized(r, name, text_replace(item, kept), min, max);
}

const char *read_line(struct json_reader *r, const char *name, size_t min, size_t max)
{
    return json_read_string(r, name, 0, TYPED(max))
               ? item_line(r, name, json_object_get(r->object, name), min, max)
               : NULL;
}

const char *read_text(struct json_reader *r, const char *name, size_t min, size_t max)
{
    const char *typed = json_read_string(r, name, 0, TYPED(max));
    return typed
               ? sized(r, name, text_replace(json_object_get(r->object, name), text_trimmed(typed)),
                       min, max)
               : NULL;
}

const char *read_signature(struct json_reader *r, const char *name, size_t min, size_t max)
{
    const char *line = read_line(r, name, min, max);
    if (line && text_links(line))
        json_reader_fault(r, name, "link");
    return line;
}
