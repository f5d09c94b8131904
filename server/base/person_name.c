#include "base/person_name.h"
#include "base/mem.h"
#include "base/text.h"
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#define MARKS_MOST  5 /* on one letter: Hebrew with all its points has three */
#define DIGITS_MOST 6 /* more are a telephone number */
#define TITLE_MOST  4 /* letters before a dot that are an initial or a title: "Prof" */

/* Letters with their marks, digits, and what stands between them in any script. */
static bool in_names(UChar32 c)
{
    if (c < 0x80)
        return u_isalnum(c) || strchr(" '`-.,()/", (int)c);
    return U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK | U_GC_NL_MASK |
                               U_GC_PD_MASK | U_GC_PI_MASK | U_GC_PF_MASK | U_GC_PS_MASK |
                               U_GC_PE_MASK | U_GC_PO_MASK | U_GC_CF_MASK) ||
           c == 0xb4 /* typed for an apostrophe */;
}

/* "s/o", "A/L": son of, in names of Malaysia and Singapore. */
static bool is_of(const UChar *units, int32_t slash, int32_t len)
{
    return slash >= 1 && slash + 1 < len && u_isalpha(units[slash - 1]) &&
           u_isalpha(units[slash + 1]) && (slash == 1 || units[slash - 2] == ' ') &&
           (slash + 2 == len || units[slash + 2] == ' ');
}

static bool letters_ok(const UChar *units, int32_t len)
{
    int marks = 0, digits = 0;
    bool named = false;
    UChar32 c;
    for (int32_t i = 0; i < len;) {
        int32_t at = i;
        U16_NEXT(units, i, len, c);
        marks = U_GET_GC_MASK(c) & U_GC_M_MASK ? marks + 1 : 0;
        digits += u_isdigit(c);
        named = named || u_isalnum(c);
        if (!in_names(c) || (c == '/' && !is_of(units, at, len)) || marks > MARKS_MOST)
            return false;
    }
    return named && digits <= DIGITS_MOST;
}

/* What looks like this in another width or size is the same. */
static bool signs_ok(const UChar *folded, int32_t len)
{
    for (int32_t i = 0; i < len; i++)
        if (folded[i] < 0x80 && (strchr("<>@:\\;\"{}[]|=#%&*+!?$^~_", folded[i]) ||
                                 (folded[i] == '/' && !is_of(folded, i, len))))
            return false;
    return true;
}

/* Whether at the dot a name follows an initial or a title, which has `letters`. */
static bool is_initial(const char *name, int32_t dot, int32_t letters)
{
    int32_t i = dot + 1, len = (int32_t)strlen(name);
    UChar32 first = 0, second = 0;
    if (i < len)
        U8_NEXT(name, i, len, first);
    if (i < len)
        U8_NEXT(name, i, len, second);
    return letters > 0 && letters <= TITLE_MOST && u_isupper(first) && u_isalpha(second);
}

/* Plain blanks, and one behind the dot of each initial that its name follows without any. */
static char *spaced(const char *name)
{
    char *out = mem_new(2 * strlen(name) + 1);
    int32_t letters = 0, i = 0, n = 0, len = (int32_t)strlen(name);
    UChar32 c;
    while (i < len) {
        int32_t at = i;
        U8_NEXT(name, i, len, c);
        if (u_charType(c) == U_SPACE_SEPARATOR)
            c = ' ';
        U8_APPEND_UNSAFE(out, n, c);
        if (c == '.' && is_initial(name, at, letters))
            out[n++] = ' ';
        letters = u_isalpha(c) ? letters + 1 : u_isalnum(c) ? TITLE_MOST + 1 : 0;
    }
    return out;
}

static const char *name_fault(const char *name)
{
    int32_t len, folded_len;
    if (!text_shows(name))
        return "too short";
    if (text_links(name))
        return "link";
    UChar *units = text_units(name, TEXT_KEPT, &len);
    UChar *folded = text_units(name, TEXT_FOLDED, &folded_len);
    bool ok = letters_ok(units, len) && signs_ok(folded, folded_len);
    free(units);
    free(folded);
    return ok ? NULL : "not a name";
}

char *person_name(const char *typed, const char **fault)
{
    char *line = text_line(typed, fault);
    if (!line)
        return NULL;
    char *name = spaced(line);
    free(line);
    *fault = name_fault(name);
    if (!*fault)
        return name;
    free(name);
    return NULL;
}

const char *read_person_name(struct json_reader *r, const char *field, size_t max)
{
    const char *fault = NULL, *typed = json_read_string(r, field, 0, 2 * max + 1000);
    char *kept = typed ? person_name(typed, &fault) : NULL;
    if (fault)
        json_reader_fault(r, field, fault);
    const char *name = text_replace(json_object_get(r->object, field), kept);
    if (name && utf8_length(name) > max)
        json_reader_fault(r, field, "too long");
    return name;
}
