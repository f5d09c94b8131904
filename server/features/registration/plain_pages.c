#include "features/registration/plain_pages.h"
#include "base/html.h"
#include "base/json.h"
#include <stdio.h>
#include <string.h>

#define ADD HTML_ADD

bool plain_admits(const json_t *page, enum category category)
{
    size_t i;
    json_t *word;
    json_array_foreach(json_object_get(page, "categories"), i,
                       word) if (strcmp(json_string_value(word),
                                        registration_categories[category]) == 0) return true;
    return false;
}

static void begin_page(struct buf *out, const struct plain_words *w, const char *title,
                       const char *of)
{
    ADD(out,
        "<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
        "<meta name=\"color-scheme\" content=\"light dark\"><title>%s</title>"
        "<link rel=\"stylesheet\" href=\"/plain.css\"></head><body><header>"
        "<a href=\"?lang=%s\" hreflang=\"%s\" lang=\"%s\">%s</a></header><main><h1>%s</h1>",
        w->lang, of ? of : title, w->other, w->other, w->other, w->other_name, of ? of : title);
}

static void end_page(struct buf *out)
{
    buf_adds(out, "</main></body></html>\n");
}

void plain_note_page(struct buf *out, const struct plain_words *w, const char *title,
                     const char *text)
{
    begin_page(out, w, title, NULL);
    ADD(out, "<p>%s</p>", text);
    end_page(out);
}

void plain_join_page(struct buf *out, const struct plain_words *w, const char *fault)
{
    begin_page(out, w, w->join_title, NULL);
    ADD(out,
        "<p>%s</p><form method=\"post\" action=\"?lang=%s\"><p class=\"field\"><label "
        "for=\"link\">%s"
        "</label><input id=\"link\" name=\"link\" required maxlength=\"2000\" "
        "autocomplete=\"off\"",
        w->join, w->lang, w->link);
    if (fault)
        ADD(out,
            " aria-invalid=\"true\" aria-describedby=\"fault\"><span id=\"fault\" class=\"fault\">"
            "%s</span",
            fault);
    ADD(out, "></p><button>%s</button></form>", w->confirm);
    end_page(out);
}

/* What is wrong with this field, as a sentence; NULL: nothing. */
static const char *fault_of(const struct plain_form *f, const char *name)
{
    if (!f->field || strcmp(f->field, name) != 0)
        return NULL;
    return f->reason && strcmp(f->reason, "missing") == 0 ? f->words->missing : f->words->wrong;
}

static void add_fault(struct buf *out, const char *name, const char *fault)
{
    if (fault)
        ADD(out, "<span class=\"fault\" id=\"fault-%s\">%s</span>", name, fault);
}

static void mark(struct buf *out, const char *name, const char *fault)
{
    if (fault)
        ADD(out, " aria-invalid=\"true\" aria-describedby=\"fault-%s\"", name);
}

struct labelled {
    const char *name, *label, *help;
    bool required;
};

static void begin_field(struct buf *out, const struct plain_form *f, const struct labelled *l)
{
    ADD(out, "<p class=\"field\"><label for=\"%s\">%s", l->name, l->label);
    if (!l->required)
        ADD(out, " <small>(%s)</small>", f->words->optional);
    buf_adds(out, "</label>");
    if (l->help && *l->help)
        ADD(out, "<small>%s</small>", l->help);
}

static void add_input(struct buf *out, const struct plain_form *f, const struct labelled *l,
                      const char *type, const char *autocomplete)
{
    const char *fault = fault_of(f, l->name);
    begin_field(out, f, l);
    ADD(out, "<input id=\"%s\" name=\"%s\" type=\"%s\" autocomplete=\"%s\" value=\"%s\"", l->name,
        l->name, type, autocomplete, plain_value(f->typed, l->name));
    buf_adds(out, l->required ? " required" : "");
    mark(out, l->name, fault);
    buf_adds(out, ">");
    add_fault(out, l->name, fault);
    buf_adds(out, "</p>");
}

static void add_option(struct buf *out, const char *value, const char *text, const char *chosen)
{
    ADD(out, "<option value=\"%s\"", value);
    buf_adds(out, strcmp(value, chosen) == 0 ? " selected>" : ">");
    ADD(out, "%s</option>", text);
}

/* options: [{value, text}] */
static void add_select(struct buf *out, const struct plain_form *f, const struct labelled *l,
                       const json_t *options)
{
    const char *fault = fault_of(f, l->name), *chosen = plain_value(f->typed, l->name);
    size_t i;
    json_t *option;
    begin_field(out, f, l);
    ADD(out, "<select id=\"%s\" name=\"%s\"", l->name, l->name);
    buf_adds(out, l->required ? " required" : "");
    mark(out, l->name, fault);
    ADD(out, "><option value=\"\">%s</option>", f->words->choose);
    json_array_foreach(options, i, option)
        add_option(out, json_text_of(option, "value"), json_text_of(option, "text"), chosen);
    buf_adds(out, "</select>");
    add_fault(out, l->name, fault);
    buf_adds(out, "</p>");
}

/* --- the organiser's questions --- */

static const char *in_language(const struct plain_form *f, const json_t *of, const char *fr,
                               const char *en)
{
    return json_text_of(of, f->words->lang[0] == 'f' ? fr : en);
}

static bool is_chosen(const struct plain_form *f, const char *name, const char *key)
{
    size_t i;
    json_t *value;
    json_array_foreach(json_object_get(f->typed, name), i,
                       value) if (strcmp(json_string_value(value), key) == 0) return true;
    return false;
}

static void add_choice(struct buf *out, const struct plain_form *f, const json_t *q,
                       const struct labelled *l)
{
    bool several = json_is_true(json_object_get(q, "several"));
    size_t i;
    json_t *o;
    ADD(out, "<fieldset class=\"field\"><legend>%s", l->label);
    if (!l->required)
        ADD(out, " <small>(%s)</small>", f->words->optional);
    ADD(out, "</legend><small>%s %s</small>", l->help, several ? f->words->several : "");
    json_array_foreach(json_object_get(q, "options"), i, o)
    {
        const char *key = json_text_of(o, "key");
        ADD(out, "<label class=\"choice\"><input type=\"%s\" name=\"%s\" value=\"%s\"",
            several ? "checkbox" : "radio", l->name, key);
        buf_adds(out, is_chosen(f, l->name, key) ? " checked>" : ">");
        ADD(out, "%s</label>", in_language(f, o, "text_fr", "text_en"));
    }
    add_fault(out, l->name, fault_of(f, l->name));
    buf_adds(out, "</fieldset>");
}

static void add_question(struct buf *out, const struct plain_form *f, const json_t *q)
{
    char name[64];
    snprintf(name, sizeof name, "answers.%s", json_text_of(q, "key"));
    struct labelled l = {.name = name,
                         .label = in_language(f, q, "label_fr", "label_en"),
                         .help = in_language(f, q, "help_fr", "help_en"),
                         .required = json_is_true(json_object_get(q, "required"))};
    if (strcmp(json_text_of(q, "kind"), "choice") == 0)
        add_choice(out, f, q, &l);
    else
        add_input(out, f, &l, "text", "off");
}

static void add_questions(struct buf *out, const struct plain_form *f)
{
    size_t i;
    json_t *q;
    if (json_array_size(f->questions) == 0)
        return;
    ADD(out, "<h2>%s</h2><p>%s</p>", f->words->questions, f->words->patients);
    json_array_foreach(f->questions, i, q) add_question(out, f, q);
}

/* --- the form --- */

static void add_consents(struct buf *out, const struct plain_form *f)
{
    size_t i;
    json_t *c;
    ADD(out, "<h2>%s</h2>", f->words->consents);
    json_array_foreach(json_object_get(f->page, "consents"), i, c)
    {
        char name[64];
        snprintf(name, sizeof name, "consent_%s", json_text_of(c, "kind"));
        ADD(out, "<label class=\"choice\"><input type=\"checkbox\" name=\"%s\" value=\"yes\"",
            name);
        buf_adds(out, json_is_true(json_object_get(c, "required")) ? " required" : "");
        buf_adds(out, *plain_value(f->typed, name) ? " checked>" : ">");
        ADD(out, "<span>%s</span></label>", in_language(f, c, "text_fr", "text_en"));
    }
    if (f->field && strcmp(f->field, "consents") == 0)
        add_fault(out, "consents", f->words->consent_needed);
    ADD(out, "<details><summary>%s</summary><p class=\"said\">%s</p></details>", f->words->privacy,
        in_language(f, json_object_get(f->page, "organisation"), "privacy_notice_fr",
                    "privacy_notice_en"));
}

static size_t admitted(const struct plain_form *f)
{
    return json_array_size(json_object_get(f->page, "categories"));
}

/* What they register as, which is another page than this one. */
static void add_category(struct buf *out, const struct plain_form *f)
{
    const struct plain_words *w = f->words;
    ADD(out, "<input type=\"hidden\" name=\"category\" value=\"%s\">",
        registration_categories[f->category]);
    if (admitted(f) > 1)
        ADD(out, "<p>%s <strong>%s</strong> (<a href=\"?lang=%s\">%s</a>)</p>", w->as,
            w->categories[f->category], w->lang, w->other_category);
    const char *policy = json_text_of(f->page, "policy");
    if (f->category != CATEGORY_HCP && !json_is_true(json_object_get(f->page, "review")) &&
        (strcmp(policy, "matching") == 0 || strcmp(policy, "target_list") == 0))
        ADD(out, "<p>%s</p>", w->reviewed);
    if (f->field && strcmp(f->field, "category") == 0)
        add_fault(out, "category", w->wrong);
}

static void add_chooser(struct buf *out, const struct plain_form *f)
{
    const struct plain_words *w = f->words;
    ADD(out,
        "<form method=\"get\"><input type=\"hidden\" name=\"lang\" value=\"%s\">"
        "<fieldset class=\"field\"><legend>%s</legend>",
        w->lang, w->as);
    for (int c = 0; c < CATEGORIES; c++)
        if (plain_admits(f->page, (enum category)c))
            ADD(out,
                "<label class=\"choice\"><input type=\"radio\" name=\"as\" value=\"%s\" "
                "required>%s</label>",
                registration_categories[c], w->categories[c]);
    ADD(out, "</fieldset><button>%s</button></form>", w->go_on);
}

static void add_hcp(struct buf *out, const struct plain_form *f)
{
    const struct plain_words *w = f->words;
    add_input(out, f, &(struct labelled){"rpps", w->rpps, NULL, false}, "text", "off");
    const struct labelled lists[] = {{"profession", w->profession, NULL, true},
                                     {"specialty", w->specialty, NULL, false},
                                     {"practice_setting", w->practice_setting, NULL, true},
                                     {"region", w->region, NULL, true},
                                     {"age_band", w->age_band, NULL, true}};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        add_select(out, f, &lists[i], json_object_get(f->codes, lists[i].name));
}

static void add_person(struct buf *out, const struct plain_form *f)
{
    const struct plain_words *w = f->words;
    add_input(out, f, &(struct labelled){"email", w->email, NULL, true}, "email", "email");
    add_input(out, f, &(struct labelled){"first_name", w->first_name, NULL, true}, "text",
              "given-name");
    add_input(out, f, &(struct labelled){"last_name", w->last_name, NULL, true}, "text",
              "family-name");
    if (f->category == CATEGORY_HCP)
        add_hcp(out, f);
    if (f->category == CATEGORY_STUDENT)
        add_select(out, f, &(struct labelled){"profession", w->studies, NULL, true},
                   json_object_get(f->codes, "profession"));
    if (w->affiliation[f->category])
        add_input(out, f,
                  &(struct labelled){"affiliation", w->affiliation[f->category], NULL, true},
                  "text", "organization");
}

/* What there is to know of the event before one registers. */
static void add_event(struct buf *out, const struct plain_form *f)
{
    size_t i;
    json_t *session;
    ADD(out, "<p>%s</p><ul>", json_text_of(json_object_get(f->page, "organisation"), "name"));
    json_array_foreach(json_object_get(f->codes, "sessions"), i, session)
        ADD(out, "<li>%s</li>", json_string_value(session));
    buf_adds(out, "</ul>");
    if (json_is_true(json_object_get(f->page, "review")))
        ADD(out, "<p>%s</p>", f->words->reviewed);
    if (json_is_true(json_object_get(f->page, "waiting_list")))
        ADD(out, "<p>%s</p>", f->words->may_wait);
}

/* Who will see that they registered, if anybody: said before the form is sent. */
static void add_seen_by(struct buf *out, const struct plain_form *f)
{
    const char *who = json_text_of(f->page, "representative");
    const char *company = json_text_of(json_object_get(f->page, "organisation"), "name");
    if (!*who)
        return;
    buf_adds(out, "<p role=\"note\">");
    ADD(out, f->words->seen_by, who, who, company, who);
    buf_adds(out, "</p>");
}

void plain_form_page(struct buf *out, const struct plain_form *f)
{
    const struct plain_words *w = f->words;
    begin_page(out, w, w->title, json_text_of(json_object_get(f->page, "congress"), "title"));
    add_event(out, f);
    if (f->category == CATEGORIES) {
        add_chooser(out, f);
        end_page(out);
        return;
    }
    if (f->field)
        ADD(out, "<p class=\"fault\" role=\"alert\">%s</p>", w->check);
    ADD(out, "<form method=\"post\" action=\"?lang=%s\">", w->lang);
    add_seen_by(out, f);
    add_category(out, f);
    add_person(out, f);
    add_questions(out, f);
    add_consents(out, f);
    ADD(out, "<button>%s</button></form>", w->submit);
    end_page(out);
}
