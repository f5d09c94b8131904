#include "base/address.h"
#include "base/buf.h"
#include "base/clock.h"
#include "mail/mail.h"
#include "mail/mime.h"
#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

START_TEST(an_address_is_one_mailbox_and_nothing_else)
{
    static const char *const good[] = {
        "a@example.org",   "jean.dupont+x@chu-lyon.fr", "o'neil@e.ie",
        "amphi@localhost", "a@xn--bcher-kva.example",   "x_y-z=1@a-b.c1.example"};
    static const char *const bad[] = {
        "",           "a",         "@example.org",  "a@",
        "a@@b.org",   "a b@c.org", "a@b c.org",     "a@b.org\r\nBcc: x@y.org",
        "a@b.org\n",  "a,b@c.org", ".a@b.org",      "a.@b.org",
        "a..b@c.org", "a@.b.org",  "a@b..org",      "a@b.org.",
        "a@-b.org",   "a@b-.org",  "\"a b\"@c.org", "a@[127.0.0.1]",
        "a@b.1",      "é@b.org",   "a@é.org",       "a(c)@b.org",
        "<a@b.org>",  "a@b_c.org", "a@b@c.org",     "a\t@b.org"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ck_assert_msg(address_valid(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!address_valid(bad[i]), "%s", bad[i]);
    ck_assert(!address_valid(NULL));
}
END_TEST

static void fill(char *out, size_t n, char c)
{
    memset(out, c, n);
    out[n] = 0;
}

START_TEST(an_address_has_its_limits)
{
    char address[600], local[128], label[128];
    fill(local, 64, 'l');
    fill(label, 63, 'd');
    snprintf(address, sizeof address, "%s@%s.org", local, label);
    ck_assert(address_valid(address));
    fill(local, 65, 'l');
    snprintf(address, sizeof address, "%s@%s.org", local, label);
    ck_assert(!address_valid(address));
    fill(local, 10, 'l');
    snprintf(address, sizeof address, "%s@%s.%s.%s.org", local, label, label, label);
    ck_assert_uint_le(strlen(address), 254);
    ck_assert(address_valid(address));
    fill(local, 60, 'l');
    snprintf(address, sizeof address, "%s@%s.%s.%s.org", local, label, label, label);
    ck_assert(!address_valid(address));
    fill(label, 64, 'd');
    snprintf(address, sizeof address, "a@%s.org", label);
    ck_assert(!address_valid(address));
}
END_TEST

/* What Python's email package, an independent reader, makes of a message. */
static json_t *parse(const char *bytes, size_t len)
{
    static const char script[] =
        "import email, email.policy, json, sys\n"
        "m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)\n"
        "def text(kind):\n"
        "    p = [x for x in m.walk() if x.get_content_type() == kind]\n"
        "    c = p[0].get_content() if p else None\n"
        "    return c.decode() if isinstance(c, bytes) else c\n"
        "print(json.dumps({'headers': {k.lower(): str(v) for k, v in m.items()},\n"
        " 'senders': ' '.join(a.addr_spec for a in m['from'].addresses), 'count': len(m.items()), "
        "'defects': [str(d) for p in m.walk() for d in p.defects],\n"
        " 'types': [p.get_content_type() for p in m.walk()],\n"
        " 'text': text('text/plain'), 'html': text('text/html'), 'ics': text('text/calendar'),\n"
        " 'file': text('application/ics'),\n"
        " 'method': next((p.get_param('method') for p in m.walk()\n"
        "                 if p.get_content_type() == 'text/calendar'), None)}))\n";
    char path[] = "/tmp/amphi-mime-XXXXXX", code[] = "/tmp/amphi-code-XXXXXX", command[128];
    int fd = mkstemp(path), script_fd = mkstemp(code);
    ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
    ck_assert_int_eq(write(script_fd, script, sizeof script - 1), (ssize_t)sizeof script - 1);
    close(fd);
    close(script_fd);
    snprintf(command, sizeof command, "python3 %s %s", code, path);
    FILE *f = popen(command, "r");
    json_t *json = json_loadf(f, 0, NULL);
    ck_assert_int_eq(pclose(f), 0);
    unlink(path);
    unlink(code);
    ck_assert_ptr_nonnull(json);
    return json;
}

static json_t *written(const struct mime *mime)
{
    struct buf b;
    buf_init(&b, MIME_MAX);
    mime_write(&b, mime);
    ck_assert(!buf_failed(&b));
    for (size_t i = 0, column = 0; i < b.len; i++, column++) {
        ck_assert((unsigned char)b.data[i] < 0x80);
        if (b.data[i] == '\n') {
            ck_assert(i > 0 && b.data[i - 1] == '\r');
            column = (size_t)-1;
        }
        ck_assert_uint_le(column + 1, 998);
    }
    json_t *json = parse(b.data, b.len);
    ck_assert_uint_eq(json_array_size(json_object_get(json, "defects")), 0);
    buf_release(&b);
    return json;
}

static const char *header(json_t *json, const char *name)
{
    return json_string_value(json_object_get(json_object_get(json, "headers"), name));
}

static const char *member(json_t *json, const char *name)
{
    return json_string_value(json_object_get(json, name));
}

static struct mime message = {
    .id = {{0xab}},
    .at = 1795293000000000,
    .from_name = "Congrès d'été",
    .from = "amphi@example.org",
    .reply_to = "contact@example.org",
    .to = "hcp@example.org",
    .subject =
        "Votre inscription : « Asthme sévère et traitements biologiques en 2026 » – à bientôt",
    .text = "Bonjour,\n.\nFrom the start\nÉté  "
            "\nhttps://amphi.example/join#AAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
    .language = "fr",
};

START_TEST(a_plain_message_is_read_back_as_it_was)
{
    json_t *json = written(&message);
    ck_assert_str_eq(header(json, "subject"), message.subject);
    ck_assert_str_eq(header(json, "from"), "Congrès d'été <amphi@example.org>");
    ck_assert_str_eq(header(json, "reply-to"), "contact@example.org");
    ck_assert_str_eq(header(json, "to"), "hcp@example.org");
    ck_assert_str_eq(header(json, "date"), "Sat, 21 Nov 2026 20:30:00 +0000");
    ck_assert_str_eq(header(json, "message-id"),
                     "<ab000000-0000-0000-0000-000000000000@example.org>");
    ck_assert_str_eq(header(json, "content-language"), "fr");
    ck_assert_ptr_nonnull(strstr(member(json, "text"), message.text));
    ck_assert_uint_eq(json_array_size(json_object_get(json, "types")), 1);
    json_decref(json);
}
END_TEST

START_TEST(a_full_message_has_text_html_and_calendar_twice)
{
    struct mime full = message;
    full.html = "<p>Été &amp; <a href=\"https://amphi.example/?a=b\">lien</a></p>";
    full.calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:été\r\nEND:VCALENDAR\r\n";
    full.calendar_method = "REQUEST";
    json_t *json = written(&full), *types = json_object_get(json, "types");
    static const char *const expected[] = {"multipart/mixed", "multipart/alternative",
                                           "text/plain",      "text/html",
                                           "text/calendar",   "application/ics"};
    ck_assert_uint_eq(json_array_size(types), 6);
    for (size_t i = 0; i < 6; i++)
        ck_assert_str_eq(json_string_value(json_array_get(types, i)), expected[i]);
    ck_assert_ptr_nonnull(strstr(member(json, "html"), full.html));
    ck_assert_str_eq(member(json, "method"), "REQUEST");
    ck_assert_ptr_nonnull(strstr(member(json, "ics"), "SUMMARY:été"));
    ck_assert_ptr_nonnull(strstr(member(json, "file"), "SUMMARY:été"));
    json_decref(json);
}
END_TEST

START_TEST(a_mail_of_many_says_how_to_end_them_with_one_click)
{
    struct mime mime = message;
    json_t *json = written(&mime);
    ck_assert_ptr_null(header(json, "list-unsubscribe"));
    json_decref(json);
    mime.unsubscribe = "https://amphi.example/api/one-click/AAAA\r\nBcc: evil@example.org";
    json = written(&mime);
    ck_assert_str_eq(header(json, "list-unsubscribe"),
                     "<https://amphi.example/api/one-click/AAAABcc:evil@example.org>");
    ck_assert_str_eq(header(json, "list-unsubscribe-post"), "List-Unsubscribe=One-Click");
    ck_assert_ptr_null(header(json, "bcc"));
    json_decref(json);
}
END_TEST

START_TEST(no_header_is_injected_by_subject_or_name)
{
    struct mime evil = message;
    json_t *json = written(&message);
    json_int_t count = json_integer_value(json_object_get(json, "count"));
    json_decref(json);
    static const char *const texts[] = {"x\r\nBcc: evil@example.org",
                                        "x\nBcc: evil@example.org",
                                        "x\rBcc: evil@example.org",
                                        "x\r\n\r\nbody",
                                        "=?UTF-8?Q?x=0D=0ABcc:_evil@e.org?=",
                                        "\"x\" <evil@example.org>, \"y\\\\",
                                        "a\x01\x7f\tb",
                                        ""};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        evil.subject = texts[i];
        evil.from_name = texts[i];
        json = written(&evil);
        ck_assert_int_eq(json_integer_value(json_object_get(json, "count")), count);
        ck_assert_ptr_null(header(json, "bcc"));
        ck_assert_str_eq(member(json, "senders"), "amphi@example.org");
        json_decref(json);
    }
}
END_TEST

START_TEST(a_sender_is_split_or_refused)
{
    char name[64], address[64];
    ck_assert(mime_split_from("amphi <a@localhost>", name, 64, address, 64));
    ck_assert_str_eq(name, "amphi");
    ck_assert_str_eq(address, "a@localhost");
    ck_assert(mime_split_from("\"Été, Congrès\" <a@b.org>", name, 64, address, 64));
    ck_assert_str_eq(name, "Été, Congrès");
    ck_assert(mime_split_from("a@b.org", name, 64, address, 64));
    ck_assert_str_eq(name, "");
    ck_assert(mime_split_from("<a@b.org>", name, 64, address, 64));
    ck_assert(!mime_split_from("amphi", name, 64, address, 64));
    ck_assert(!mime_split_from("amphi <a@b.org", name, 64, address, 64));
    ck_assert(!mime_split_from("amphi <a@b.org> x", name, 64, address, 64));
    ck_assert(!mime_split_from("a\r\nBcc: <x@y.org> <z@", name, 64, address, 64));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("mail");
    TCase *tcase = tcase_create("mail");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, an_address_is_one_mailbox_and_nothing_else);
    tcase_add_test(tcase, an_address_has_its_limits);
    tcase_add_test(tcase, a_plain_message_is_read_back_as_it_was);
    tcase_add_test(tcase, a_full_message_has_text_html_and_calendar_twice);
    tcase_add_test(tcase, no_header_is_injected_by_subject_or_name);
    tcase_add_test(tcase, a_mail_of_many_says_how_to_end_them_with_one_click);
    tcase_add_test(tcase, a_sender_is_split_or_refused);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
