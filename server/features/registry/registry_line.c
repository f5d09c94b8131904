#include "features/registry/registry_line.h"
#include "base/json.h"
#include <stdio.h>
#include <string.h>

#define BAR       '|'
#define NAME_MOST 60 /* letters of a column's name */

static const char mark[] = "\xef\xbb\xbf"; /* of byte order */

/* --- the header --- */

/* The names of our columns, as name_of() makes them. */
static const struct {
    enum registry_column column;
    const char *name;
} names[] = {
    {COLUMN_KIND, "typedidentifiantpp"},
    {COLUMN_IDENTIFIER, "identifiantpp"},
    {COLUMN_LAST_NAME, "nomdexercice"},
    {COLUMN_FIRST_NAME, "prenomdexercice"},
    {COLUMN_PROFESSION, "codeprofession"},
    {COLUMN_CATEGORY, "codecategorieprofessionnelle"},
    {COLUMN_SKILL_TYPE, "codetypesavoirfaire"},
    {COLUMN_SKILL, "codesavoirfaire"},
    {COLUMN_MODE, "codemodeexercice"},
    {COLUMN_POSTCODE, "codepostal"},
    {COLUMN_COMMUNE, "codecommune"},
    {COLUMN_DEPARTMENT, "codedepartement"},
    {COLUMN_SETTING, "codesecteurdactivite"},
};

/* The letters of a column's name in lower case: accents are those of French, brackets with what is
 * in them go, as in "Code postal (coord. structure)", and so does a last word "structure" without
 * them. */
static void name_of(const char *p, size_t len, char out[static NAME_MOST + 1])
{
    size_t n = 0;
    bool bracket = false;
    for (size_t i = 0; i < len && n < NAME_MOST; i++) {
        unsigned char c = (unsigned char)p[i], next = i + 1 < len ? (unsigned char)p[i + 1] : 0;
        if (c == '(' || c == ')')
            bracket = c == '(';
        else if (bracket)
            continue;
        else if (c >= 'A' && c <= 'Z')
            out[n++] = (char)(c - 'A' + 'a');
        else if (c >= 'a' && c <= 'z')
            out[n++] = (char)c;
        else if (c == 0xc3 && ((next >= 0x88 && next <= 0x8b) || (next >= 0xa8 && next <= 0xab)))
            out[n++] = 'e';
    }
    out[n] = '\0';
}

static const char *const suffixes[] = {"coordstructure", "structure", NULL};

static int column_of(char name[static NAME_MOST + 1])
{
    size_t len = strlen(name);
    for (int s = 0; suffixes[s]; s++) {
        size_t n = strlen(suffixes[s]);
        if (len > n && strcmp(name + len - n, suffixes[s]) == 0)
            name[len -= n] = '\0';
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].name, name) == 0)
            return names[i].column;
    return -1;
}

static bool refuse(char *why, size_t size, const char *text, const char *name)
{
    snprintf(why, size, "%s%s", text, name);
    return false;
}

static bool add_column(struct registry_header *h, const char *p, size_t len, char *why, size_t size)
{
    char name[NAME_MOST + 1];
    if (h->columns == REGISTRY_COLUMNS_MOST)
        return refuse(why, size, "it has too many columns", "");
    name_of(p, len, name);
    int column = column_of(name);
    if (column >= 0 && h->found[column])
        return refuse(why, size, "two columns have the same name: ", name);
    h->column[h->columns++] = column;
    if (column >= 0)
        h->found[column] = true;
    return true;
}

bool registry_read_header(const char *line, size_t len, struct registry_header *h, char *why,
                          size_t size)
{
    static const enum registry_column needed[] = {COLUMN_IDENTIFIER, COLUMN_LAST_NAME,
                                                  COLUMN_FIRST_NAME, COLUMN_PROFESSION};
    *h = (struct registry_header){0};
    if (!utf8_valid(line, len) || memchr(line, 0, len))
        return refuse(why, size, "its first line is not text in UTF-8", "");
    if (len >= 3 && memcmp(line, mark, 3) == 0) {
        line += 3;
        len -= 3;
    }
    for (const char *end = line + len, *bar; line < end; line = bar + 1) {
        if (!(bar = memchr(line, BAR, (size_t)(end - line))))
            bar = end;
        if (!add_column(h, line, (size_t)(bar - line), why, size))
            return false;
    }
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!h->found[needed[i]])
            return refuse(why, size, "it is no extraction of the register: it has no column ",
                          names[needed[i]].name);
    return true;
}

/* --- a line --- */

struct span {
    const char *p;
    size_t len;
};

static struct span trimmed(const char *p, size_t len)
{
    while (len > 0 && *p == ' ') {
        p++;
        len--;
    }
    while (len > 0 && p[len - 1] == ' ')
        len--;
    return (struct span){p, len};
}

/* The columns that count. False when there are more or fewer than the header has. */
static bool split(const struct registry_header *h, const char *line, size_t len,
                  struct span out[static REGISTRY_COLUMNS])
{
    const char *end = line + len;
    for (int i = 0; i < h->columns; i++) {
        const char *bar = line <= end ? memchr(line, BAR, (size_t)(end - line)) : NULL;
        if (line > end)
            return false;
        if (!bar)
            bar = end;
        if (h->column[i] >= 0)
            out[h->column[i]] = trimmed(line, (size_t)(bar - line));
        line = bar + 1;
    }
    return line >= end; /* nothing, or one empty column after a last bar */
}

/* Codes are letters and digits; anything else is as if it were not there. */
static void take_code(char out[static REGISTRY_CODE_SIZE], struct span s)
{
    bool good = s.len < REGISTRY_CODE_SIZE;
    for (size_t i = 0; good && i < s.len; i++)
        good = (s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'A' && s.p[i] <= 'Z');
    if (good && s.len)
        memcpy(out, s.p, s.len);
    out[good ? s.len : 0] = '\0';
}

static bool take_name(char out[static REGISTRY_NAME_MAX + 1], struct span s)
{
    if (s.len > REGISTRY_NAME_MAX)
        return false;
    if (s.len)
        memcpy(out, s.p, s.len);
    out[s.len] = '\0';
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
            return false;
    return true;
}

static enum registry_fault take_identifier(struct registry_person *out, const struct span *s,
                                           bool check)
{
    struct span kind = s[COLUMN_KIND], id = s[COLUMN_IDENTIFIER];
    enum rpps_verdict verdict = rpps_parse(id.p ? id.p : "", id.len, out->rpps);
    if (kind.len && (kind.len > 1 || (*kind.p != '0' && *kind.p != '8')))
        return REGISTRY_KIND;
    if (verdict == RPPS_MALFORMED || (kind.len && (*kind.p == '0') != (verdict == RPPS_ADELI)))
        return REGISTRY_IDENTIFIER;
    return rpps_fault(verdict, check) ? REGISTRY_CHECK_DIGIT : REGISTRY_GOOD;
}

/* A specialty is a skill of the kind S; other kinds have lists of their own, which nothing here
 * reads. */
static void take_codes(struct registry_person *out, const struct span *s)
{
    char commune[REGISTRY_CODE_SIZE], column[REGISTRY_CODE_SIZE], skill[REGISTRY_CODE_SIZE];
    take_code(out->category, s[COLUMN_CATEGORY]);
    take_code(out->skill_type, s[COLUMN_SKILL_TYPE]);
    take_code(skill, s[COLUMN_SKILL]);
    snprintf(out->specialty, sizeof out->specialty, "%s",
             strcmp(out->skill_type, "S") == 0 ? skill : "");
    take_code(out->mode, s[COLUMN_MODE]);
    take_code(out->setting, s[COLUMN_SETTING]);
    take_code(out->postcode, s[COLUMN_POSTCODE]);
    take_code(commune, s[COLUMN_COMMUNE]);
    take_code(column, s[COLUMN_DEPARTMENT]);
    registry_department(commune, column, out->postcode, out->department);
    out->region = registry_region(out->department);
    out->skill_types.n = out->settings.n = 0;
    registry_set_add(&out->skill_types, out->skill_type);
    registry_set_add(&out->settings, out->setting);
}

enum registry_fault registry_read_line(const struct registry_header *header, const char *line,
                                       size_t len, int64_t number, bool check,
                                       struct registry_person *out)
{
    struct span s[REGISTRY_COLUMNS] = {{0}};
    if (!utf8_valid(line, len) || memchr(line, 0, len))
        return REGISTRY_ENCODING;
    if (!split(header, line, len, s))
        return REGISTRY_COLUMN_COUNT;
    enum registry_fault fault = take_identifier(out, s, check);
    if (fault)
        return fault;
    if (!take_name(out->last_name, s[COLUMN_LAST_NAME]) || !out->last_name[0] ||
        !take_name(out->first_name, s[COLUMN_FIRST_NAME]))
        return REGISTRY_NAME;
    take_code(out->profession, s[COLUMN_PROFESSION]);
    if (!out->profession[0])
        return REGISTRY_PROFESSION;
    take_codes(out, s);
    out->rank = registry_rank(out, number);
    return REGISTRY_GOOD;
}

const char *registry_fault_text(enum registry_fault fault)
{
    static const char *const texts[REGISTRY_FAULTS] = {
        [REGISTRY_GOOD] = "good",
        [REGISTRY_TOO_LONG] = "longer than a line may be",
        [REGISTRY_ENCODING] = "not text in UTF-8",
        [REGISTRY_COLUMN_COUNT] = "more or fewer columns than the first line names",
        [REGISTRY_KIND] = "a kind of identifier that is not a person's",
        [REGISTRY_IDENTIFIER] = "an identifier that is none",
        [REGISTRY_CHECK_DIGIT] = "an RPPS number with a wrong check digit",
        [REGISTRY_NAME] = "no last name, or a name that is too long",
        [REGISTRY_PROFESSION] = "no profession",
    };
    return texts[fault];
}
