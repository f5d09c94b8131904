#include "mail/mime.h"
#include "base/address.h"
#include "base/clock.h"
#include "mail/mail.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

#define LINE_MAX_CHARS 76 /* of quoted-printable and of encoded words */

/* --- header values --- */

static bool plain_char(unsigned char c)
{
    return c >= 0x20 && c < 0x7f;
}

static bool needs_encoding(const char *text)
{
    for (const char *at = text; *at; at++)
        if (!plain_char((unsigned char)*at))
            return true;
    return strlen(text) > 60 || strstr(text, "=?");
}

/* Length of the UTF-8 character at text, so that no encoded word splits one. */
static size_t char_length(const char *text)
{
    size_t n = 1;
    while (((unsigned char)text[n] & 0xc0) == 0x80 && n < 4)
        n++;
    return n;
}

static size_t add_q(struct buf *b, const char *at, size_t n)
{
    size_t width = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)at[i];
        bool safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (safe)
            buf_add(b, at + i, 1);
        else if (c <= 0x20 || c == 0x7f) /* control characters have no business here */
            buf_adds(b, "_");
        else
            buf_addf(b, "=%02X", c);
        width += safe || c <= 0x20 || c == 0x7f ? 1 : 3;
    }
    return width;
}

/* RFC 2047 encoded words on folded lines. */
static void add_encoded(struct buf *b, const char *text)
{
    static const char open[] = "=?UTF-8?Q?";
    size_t width = 0, limit = LINE_MAX_CHARS - sizeof open - 14; /* after "Subject: " too */
    buf_adds(b, open);
    while (*text) {
        size_t n = char_length(text);
        if (width + 3 * n > limit) {
            buf_addf(b, "?=\r\n %s", open);
            width = 0;
        }
        width += add_q(b, text, n);
        text += n;
    }
    buf_adds(b, "?=");
}

static void add_header_text(struct buf *b, const char *name, const char *text)
{
    buf_addf(b, "%s: ", name);
    if (needs_encoding(text))
        add_encoded(b, text);
    else
        buf_adds(b, text);
    buf_adds(b, "\r\n");
}

static void add_from(struct buf *b, const struct mime *m)
{
    buf_adds(b, "From: ");
    if (*m->from_name && needs_encoding(m->from_name)) {
        add_encoded(b, m->from_name);
        buf_adds(b, " ");
    } else if (*m->from_name) {
        buf_adds(b, "\"");
        for (const char *at = m->from_name; *at; at++)
            buf_addf(b, *at == '"' || *at == '\\' ? "\\%c" : "%c", *at);
        buf_adds(b, "\" ");
    }
    buf_addf(b, "<%s>\r\n", m->from);
    if (m->reply_to)
        buf_addf(b, "Reply-To: <%s>\r\n", m->reply_to);
}

static void add_date(struct buf *b, int64_t at)
{
    static const char days[] = "SunMonTueWedThuFriSat",
                      months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t seconds = (time_t)(at / US_PER_S);
    struct tm t;
    gmtime_r(&seconds, &t);
    buf_addf(b, "Date: %.3s, %02d %.3s %d %02d:%02d:%02d +0000\r\n",
             days + (size_t)3 * (size_t)t.tm_wday, t.tm_mday, months + (size_t)3 * (size_t)t.tm_mon,
             t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

/* --- bodies --- */

/* Quoted-printable of text; every kind of line end becomes CRLF. */
static void add_quoted(struct buf *b, const char *at)
{
    size_t column = 0;
    for (; *at; at++) {
        unsigned char c = (unsigned char)*at;
        if (c == '\r' || c == '\n') {
            if (c == '\r' && at[1] == '\n')
                at++;
            buf_adds(b, "\r\n");
            column = 0;
            continue;
        }
        bool last = !at[1] || at[1] == '\r' || at[1] == '\n';
        bool plain = plain_char(c) && c != '=' && !(c == ' ' && last);
        /* A lone dot and "From " at a line's start are trouble on some ways. */
        if (column == 0 && (c == '.' || !strncmp(at, "From ", 5)))
            plain = false;
        size_t width = plain ? 1 : 3;
        if (column + width > LINE_MAX_CHARS - 1) {
            buf_adds(b, "=\r\n");
            column = 0;
        }
        if (plain)
            buf_add(b, at, 1);
        else
            buf_addf(b, "=%02X", c);
        column += width;
    }
    buf_adds(b, "\r\n");
}

static void add_part(struct buf *b, const char *headers, const char *body)
{
    buf_addf(b, "%sContent-Transfer-Encoding: quoted-printable\r\n\r\n", headers);
    add_quoted(b, body);
}

#define BOUNDARY_SIZE 64

/* "=_" never stands in quoted-printable text, so no body can hold a boundary. */
static const char *boundary(const struct mime *m, char level, char text[static BOUNDARY_SIZE])
{
    char id[ID_TEXT_SIZE];
    snprintf(text, BOUNDARY_SIZE, "=_amphi_%s_%c", id_text(&m->id, id), level);
    return text;
}

/* One of those that calendar_method() knows, whatever the row says. */
static const char *method_of(const struct mime *m)
{
    static const char *const methods[] = {"CANCEL", "PUBLISH"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(m->calendar_method, methods[i]) == 0)
            return methods[i];
    return "REQUEST";
}

static void add_calendar_part(struct buf *b, const struct mime *m)
{
    char headers[128];
    snprintf(headers, sizeof headers, "Content-Type: text/calendar; charset=utf-8; method=%s\r\n",
             method_of(m));
    add_part(b, headers, m->calendar);
}

static void add_alternative(struct buf *b, const struct mime *m)
{
    char edge[BOUNDARY_SIZE];
    static const char text[] = "Content-Type: text/plain; charset=utf-8\r\n";
    if (!m->html && !m->calendar) {
        add_part(b, text, m->text);
        return;
    }
    boundary(m, 'a', edge);
    buf_addf(b, "Content-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n--%s\r\n", edge, edge);
    add_part(b, text, m->text);
    if (m->html) {
        buf_addf(b, "--%s\r\n", edge);
        add_part(b, "Content-Type: text/html; charset=utf-8\r\n", m->html);
    }
    if (m->calendar) {
        buf_addf(b, "--%s\r\n", edge);
        add_calendar_part(b, m);
    }
    buf_addf(b, "--%s--\r\n", edge);
}

static void add_body(struct buf *b, const struct mime *m)
{
    char edge[BOUNDARY_SIZE];
    if (!m->calendar) {
        add_alternative(b, m);
        return;
    }
    boundary(m, 'm', edge);
    buf_addf(b, "Content-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n--%s\r\n", edge, edge);
    add_alternative(b, m);
    buf_addf(b, "--%s\r\n", edge);
    add_part(b,
             "Content-Type: application/ics; name=\"session.ics\"\r\n"
             "Content-Disposition: attachment; filename=\"session.ics\"\r\n",
             m->calendar);
    buf_addf(b, "--%s--\r\n", edge);
}

/* RFC 8058: a mail program asks with one POST to that URL, whoever reads the mail. */
static void add_unsubscribe(struct buf *b, const char *url)
{
    if (!url)
        return;
    buf_adds(b, "List-Unsubscribe: <");
    for (const char *at = url; *at; at++)
        if (plain_char((unsigned char)*at) && *at != ' ' && *at != '>')
            buf_add(b, at, 1);
    buf_adds(b, ">\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
}

void mime_write(struct buf *b, const struct mime *m)
{
    char id[ID_TEXT_SIZE];
    add_from(b, m);
    buf_addf(b, "To: <%s>\r\n", m->to);
    add_header_text(b, "Subject", m->subject);
    add_date(b, m->at);
    buf_addf(b, "Message-ID: <%s@%s>\r\n", id_text(&m->id, id), strrchr(m->from, '@') + 1);
    buf_addf(b, "Content-Language: %s\r\n", !strcmp(m->language, "fr") ? "fr" : "en");
    add_unsubscribe(b, m->unsubscribe);
    buf_adds(b, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n");
    add_body(b, m);
}

bool mime_split_from(const char *from, char *name, size_t name_size, char *address,
                     size_t address_size)
{
    const char *open = strrchr(from, '<');
    size_t len = open ? strcspn(open + 1, ">") : strlen(from);
    const char *at = open ? open + 1 : from;
    if (len >= address_size || (open && strcmp(open + 1 + len, ">") != 0))
        return false;
    memcpy(address, at, len);
    address[len] = 0;
    len = open ? (size_t)(open - from) : 0;
    while (len && (from[len - 1] == ' ' || from[len - 1] == '"'))
        len--;
    size_t skip = strspn(from, " \"");
    skip = skip < len ? skip : len;
    snprintf(name, name_size, "%.*s", (int)(len - skip), from + skip);
    return address_valid(address);
}
