#include "mail/letter.h"
#include "base/html.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Mail programs know neither style sheets nor variables: the product's colours, by value. */
#define INK    "#14211f"
#define SOFT   "#5d6b66"
#define PAPER  "#f6f7f5"
#define SUNKEN "#eef1ee"
#define LINE   "#dde2de"

/* Each line of a text on one of its own. */
static void add_lines(struct buf *b, const char *text)
{
    for (;; text++) {
        size_t n = strcspn(text, "\n");
        html_add_part(b, text, n);
        text += n;
        if (!*text)
            return;
        buf_adds(b, "<br>\n");
    }
}

static void add_head(struct letter *l, const char *language, const char *title)
{
    buf_addf(
        &l->html,
        "<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\""
        " content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light\"><title>",
        strcmp(language, "fr") == 0 ? "fr" : "en");
    add_lines(&l->html, title);
    buf_adds(
        &l->html,
        "</title></head><body style=\"margin:0;padding:24px 12px;background:" PAPER
        ";font-family:'Segoe UI',Roboto,Arial,sans-serif;font-size:16px;line-height:1.5;color:" INK
        "\"><div style=\"max-width:576px;margin:0 auto;background:#ffffff;border:1px solid " LINE
        ";border-radius:10px;overflow:hidden\">\n");
}

void letter_init(struct letter *l, const char *language, const char *title,
                 const struct letter_sender *sender)
{
    buf_init(&l->text, LETTER_MAX);
    buf_init(&l->html, LETTER_MAX);
    l->blocks = NULL;
    accent_text(l->accent, sender->accent);
    add_head(l, language, title);
    buf_addf(&l->html,
             "<p style=\"margin:0;padding:16px 28px;background:%s;color:#ffffff;font-size:17px;"
             "font-weight:600\">",
             l->accent);
    add_lines(&l->html, sender->name);
    buf_adds(&l->html, "</p>\n<div style=\"padding:12px 28px 24px\">\n");
}

void letter_release(struct letter *l)
{
    buf_release(&l->text);
    buf_release(&l->html);
    json_decref(l->blocks);
    l->blocks = NULL;
}

void letter_keep_blocks(struct letter *l)
{
    if (!l->blocks)
        l->blocks = json_array();
}

/* Takes what. */
static void keep(struct letter *l, const char *name, json_t *what)
{
    json_array_append_new(l->blocks, json_pack("{s:o}", name, what));
}

static void add_block(struct letter *l, const char *name, const char *style, const char *words)
{
    if (l->blocks)
        keep(l, name, json_string(words));
    buf_addf(&l->text, "%s\n\n", words);
    buf_addf(&l->html, "<p%s>", style);
    add_lines(&l->html, words);
    buf_adds(&l->html, "</p>\n");
}

void letter_paragraph(struct letter *l, const char *format, ...)
{
    char *words = NULL;
    va_list args;
    va_start(args, format);
    if (vasprintf(&words, format, args) < 0)
        abort();
    va_end(args);
    add_block(l, "paragraph", "", words);
    free(words);
}

void letter_facts(struct letter *l, const struct letter_fact *facts, size_t n)
{
    json_t *kept = l->blocks ? json_array() : NULL;
    buf_adds(&l->html, "<p style=\"background:" SUNKEN ";border-radius:6px;padding:12px 16px\">");
    for (size_t i = 0; i < n; i++) {
        if (!facts[i].value || !*facts[i].value)
            continue;
        buf_addf(&l->text, "  %s: %s\n", facts[i].label, facts[i].value);
        buf_adds(&l->html, "<strong>");
        add_lines(&l->html, facts[i].label);
        buf_adds(&l->html, ":</strong> ");
        add_lines(&l->html, facts[i].value);
        buf_adds(&l->html, "<br>\n");
        if (kept)
            json_array_append_new(
                kept, json_pack("{s:s,s:s}", "label", facts[i].label, "value", facts[i].value));
    }
    if (kept)
        keep(l, "facts", kept);
    buf_adds(&l->text, "\n");
    buf_adds(&l->html, "</p>\n");
}

/* style: its end; the colour stands before it. */
static void add_link(struct letter *l, const char *what, const char *style, const char *label,
                     const char *url)
{
    if (l->blocks)
        keep(l, strcmp(what, "color") == 0 ? "link" : "action", json_string(label));
    buf_addf(&l->text, "%s\n%s\n\n", label, url);
    buf_addf(&l->html, "<p><a style=\"%s:%s%s\" href=\"", what, l->accent, style);
    add_lines(&l->html, url);
    buf_adds(&l->html, "\">");
    add_lines(&l->html, label);
    buf_adds(&l->html, "</a></p>\n");
}

void letter_action(struct letter *l, const char *label, const char *url)
{
    add_link(l, "background",
             ";display:inline-block;color:#ffffff;font-weight:600;padding:12px 24px;"
             "border-radius:6px;text-decoration:none",
             label, url);
}

void letter_link(struct letter *l, const char *label, const char *url)
{
    add_link(l, "color", "", label, url);
}

void letter_end(struct letter *l, const char *format, ...)
{
    char *words = NULL;
    va_list args;
    va_start(args, format);
    if (vasprintf(&words, format, args) < 0)
        abort();
    va_end(args);
    add_block(l, "end",
              " style=\"margin:24px 0 0;padding-top:16px;border-top:1px solid " LINE ";color:" SOFT
              ";font-size:14px\"",
              words);
    free(words);
    buf_adds(&l->html, "</div></div></body></html>\n");
}

bool letter_ok(const struct letter *l)
{
    return !buf_failed(&l->text) && !buf_failed(&l->html);
}
