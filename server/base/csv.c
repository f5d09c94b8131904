#include "base/csv.h"
#include <assert.h>
#include <string.h>
#include <strings.h>

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"
#define LITERAL_MAX     255 /* of a text in a spreadsheet's formula */

bool csv_dialect_parse(const char *name, enum csv_dialect *out)
{
    static const char *const names[] = {
        [CSV_MACHINE] = "machine", [CSV_EXCEL_EN] = "excel-en", [CSV_EXCEL_FR] = "excel-fr"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(name, names[i])) {
            *out = (enum csv_dialect)i;
            return true;
        }
    return false;
}

const char *csv_pick(enum csv_dialect dialect, const struct csv_words *words)
{
    const char *const texts[] = {
        [CSV_MACHINE] = words->machine, [CSV_EXCEL_EN] = words->en, [CSV_EXCEL_FR] = words->fr};
    return texts[dialect];
}

struct csv csv_begin(struct buf *out, enum csv_dialect dialect)
{
    if (dialect != CSV_MACHINE)
        buf_adds(out, BYTE_ORDER_MARK);
    return (struct csv){.out = out, .dialect = dialect};
}

static void separate(struct csv *c)
{
    if (c->inside)
        buf_adds(c->out, c->dialect == CSV_EXCEL_FR ? ";" : ",");
    c->inside = true;
}

/* --- what spreadsheets do to text --- */

/* Is there a sign that begins a formula, also as the full-width form that some take for it? */
static bool formula_at(const char *p)
{
    static const char *const signs[] = {
        "=", "+", "-", "@", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (!strncmp(p, signs[i], strlen(signs[i])))
            return true;
    return false;
}

/* Bytes of the space at p, no-break and narrow ones too; 0: none. */
static size_t space_at(const char *p)
{
    static const char *const spaces[] = {" ", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89"};
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
        if (!strncmp(p, spaces[i], strlen(spaces[i])))
            return strlen(spaces[i]);
    return 0;
}

/* Bytes of the digit at p, also of a full-width one; 0: none. */
static size_t digit_at(const char *p)
{
    if (*p >= '0' && *p <= '9')
        return 1;
    return !strncmp(p, "\xEF\xBC", 2) && (unsigned char)p[2] >= 0x90 && (unsigned char)p[2] <= 0x99
               ? 3
               : 0;
}

static bool letter_at(const char *p)
{
    char lower = (char)(*p | 0x20);
    return (lower >= 'a' && lower <= 'z') || (unsigned char)*p >= 0x80;
}

/* Could this be a number, a date, a time, an amount in any language? Digits, and at most two words
 * among them (the month, "h" or "PM"). More than it need be: the reader sees no difference. */
static bool looks_like_value(const char *text)
{
    int digits = 0, words = 0;
    for (bool word = false; *text;) {
        size_t digit = digit_at(text), other = digit ? digit : space_at(text);
        digits += digit > 0;
        bool letter = !other && letter_at(text);
        if (!other && !letter && !strchr(".,:/-%'()$", *text))
            return false;
        words += letter && !word;
        word = letter;
        text += other ? other : 1;
    }
    return digits > 0 && words <= 2;
}

static bool is_truth(const char *text)
{
    static const char *const words[] = {"true", "false", "vrai", "faux"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcasecmp(text, words[i]))
            return true;
    return false;
}

static bool needs_literal(const char *text)
{
    bool two_cells = strchr(text, ',') && strchr(text, '-'); /* "1,-2" where commas separate */
    return (looks_like_value(text) || is_truth(text)) && !two_cells && !formula_at(text) &&
           strlen(text) <= LITERAL_MAX;
}

/* --- cells --- */

/* Whichever separator the spreadsheet is set to, a cell may begin after it. */
static void add_shielded(struct buf *out, const char *text)
{
    bool first = true;
    if (*text == '\t' || *text == '\r')
        buf_adds(out, "'");
    for (const char *p = text; *p;) {
        size_t n = space_at(p);
        if (first && formula_at(p))
            buf_adds(out, "'");
        first = strchr(",;\t\r\n", *p) || (first && n);
        if (*p == '"')
            buf_adds(out, "\"");
        buf_add(out, p, n ? n : 1);
        p += n ? n : 1;
    }
}

static void add_exact(struct buf *out, const char *text)
{
    for (const char *quote; (quote = strchr(text, '"')); text = quote + 1) {
        buf_add(out, text, (size_t)(quote - text) + 1);
        buf_adds(out, "\"");
    }
    buf_adds(out, text);
}

void csv_text(struct csv *c, const char *text)
{
    separate(c);
    if (!text || !*text)
        return;
    bool machine = c->dialect == CSV_MACHINE;
    if (!machine && needs_literal(text)) {
        buf_addf(c->out, "\"=\"\"%s\"\"\"", text);
        return;
    }
    const char *quote = strpbrk(text, machine ? "\",\r\n" : "\",;\t\r\n") ? "\"" : "";
    buf_adds(c->out, quote);
    if (machine)
        add_exact(c->out, text);
    else
        add_shielded(c->out, text);
    buf_adds(c->out, quote);
}

void csv_plain(struct csv *c, const char *text)
{
    assert(!strpbrk(text, "\",;\t\r\n"));
    separate(c);
    buf_adds(c->out, text);
}

void csv_words(struct csv *c, const struct csv_words *words)
{
    csv_plain(c, csv_pick(c->dialect, words));
}

void csv_word_of(struct csv *c, const struct csv_words *words, size_t n, const char *machine)
{
    size_t i = 0;
    while (i < n && strcmp(words[i].machine, machine) != 0)
        i++;
    csv_words(c, i < n ? &words[i] : &(struct csv_words){machine, machine, machine});
}

void csv_yes(struct csv *c, bool yes)
{
    csv_words(c, yes ? &(struct csv_words){"yes", "yes", "oui"}
                     : &(struct csv_words){"no", "no", "non"});
}

void csv_int(struct csv *c, int64_t value)
{
    separate(c);
    buf_addf(c->out, "%lld", (long long)value);
}

void csv_decimal(struct csv *c, const char *digits)
{
    assert(digits[strspn(digits, "-.0123456789")] == '\0');
    separate(c);
    for (const char *p = digits; *p; p++)
        buf_addf(c->out, "%c", *p == '.' && c->dialect == CSV_EXCEL_FR ? ',' : *p);
}

void csv_share(struct csv *c, int64_t numerator, int64_t denominator)
{
    separate(c);
    if (denominator <= 0)
        return;
    long long parts = (long long)(numerator * 10000 / denominator);
    buf_addf(c->out, "%lld%c%04lld", parts / 10000, c->dialect == CSV_EXCEL_FR ? ',' : '.',
             parts % 10000);
}

void csv_blank(struct csv *c)
{
    separate(c);
}

void csv_end_row(struct csv *c)
{
    buf_add(c->out, "\r\n", 2);
    c->inside = false;
}

void csv_header(struct csv *c, const struct csv_words *columns, size_t n)
{
    for (size_t i = 0; i < n; i++)
        csv_words(c, &columns[i]);
    csv_end_row(c);
}
