/* A form that a browser without scripts posted: whatever it holds, the body that is made of it is
 * JSON that can be read again, and the page that shows it again is text without a tag of theirs. */
#include "base/json.h"
#include "features/registration/plain_pages.h"
#include "fuzz/fuzz.h"
#include <stdlib.h>
#include <string.h>

static const char QUESTIONS[] =
    "[{\"key\": \"a\", \"kind\": \"choice\", \"several\": true, \"label_fr\": \"A\","
    " \"options\": [{\"key\": \"x\", \"text_fr\": \"X\"}]},"
    " {\"key\": \"b\", \"kind\": \"number\", \"label_fr\": \"B\"},"
    " {\"key\": \"c\", \"kind\": \"text\", \"label_fr\": \"C\"}]";

static size_t tags(const struct buf *page)
{
    size_t n = 0;
    for (size_t i = 0; i < page->len; i++)
        n += page->data[i] == '<';
    return n;
}

static void show(struct plain_form form, const json_t *typed, struct buf *page)
{
    form.typed = typed;
    buf_init(page, PLAIN_PAGE_MAX);
    plain_form_page(page, &form);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *typed = plain_read((const char *)data, size);
    if (!typed)
        return 0;
    json_t *questions = json_loads(QUESTIONS, 0, NULL), *nothing = json_object();
    enum category category = (enum category)(size % CATEGORIES);
    json_t *body = plain_body(typed, nothing, questions, "fr", category);
    char *text = json_dumps(body, 0);
    MUST(text && utf8_valid(text, strlen(text)));
    struct plain_form form = {.words = plain_words(true),
                              .code = "",
                              .category = category,
                              .page = nothing,
                              .codes = nothing,
                              .questions = questions};
    struct buf page, empty;
    show(form, typed, &page);
    show(form, NULL, &empty);
    MUST(buf_failed(&page) || (utf8_valid(page.data, page.len) && tags(&page) == tags(&empty)));
    buf_release(&page);
    buf_release(&empty);
    free(text);
    json_decref(body);
    json_decref(typed);
    json_decref(questions);
    json_decref(nothing);
    return 0;
}
