/* The texts that an organisation has in place of the house's, and what organisers decide about the
 * mails of a congress. */
#include "features/mails/mails_store.h"
#include "integration/congress_calls.h"

static json_t *congress, *session;

static void open_mails(void)
{
    const struct http_route *tables[] = {accounts_feature.routes, congress_feature.routes,
                                         mails_feature.routes, registration_feature.routes, NULL};
    rest_open(tables);
    rest_organisation("Labo", "olga@labo.test", organiser);
    congress = add_congress();
    session = add_session(congress);
    publish(session);
    pg_sql(rest.url, "DELETE FROM outbox");
}

static void close_mails(void)
{
    json_decref(session);
    json_decref(congress);
    rest_close();
}

static json_t *written(const char *kind, const char *language, const char *subject,
                       const char *body)
{
    return json_pack("{s:s,s:s,s:s,s:s}", "kind", kind, "language", language, "subject", subject,
                     "body", body);
}

/* The text of a kind in French, of an answer with "texts". */
static const json_t *text_of(const json_t *answer, const char *kind)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(answer, "texts"), i,
                       one) if (strcmp(rest_text(one, "kind"), kind) ==
                                0) return json_object_get(json_object_get(one, "texts"), "fr");
    ck_abort_msg("no text of %s", kind);
}

START_TEST(every_kind_has_a_text_of_the_house_whose_placeholders_it_has)
{
    open_mails();
    json_t *mails =
        rest_body(organiser, 200, "GET", path_of("congresses", congress, "/mails"), NULL);
    ck_assert_uint_eq(json_array_size(json_object_get(mails, "texts")), MAIL_KINDS);
    for (int kind = 0; kind < MAIL_KINDS; kind++)
        for (int fr = 0; fr < 2; fr++) {
            struct mail_words words;
            const char *at = NULL;
            size_t len = 0;
            words_default((enum mail_kind)kind, fr ? "fr" : "en", &words);
            ck_assert_msg(words_check((enum mail_kind)kind, words.subject, &at, &len) &&
                              words_check((enum mail_kind)kind, words.body, &at, &len),
                          "%s: %s", mail_kind_names[kind], at);
            json_t *preview = rest_body(
                organiser, 200, "POST", path_of("congresses", congress, "/mails/preview"),
                written(mail_kind_names[kind], fr ? "fr" : "en", words.subject, words.body));
            ck_assert_uint_gt(json_array_size(json_object_get(preview, "blocks")), 1);
            ck_assert_ptr_null(strchr(rest_text(preview, "subject"), '{'));
            json_decref(preview);
        }
    json_decref(mails);
    close_mails();
}
END_TEST

START_TEST(an_own_text_is_kept_used_audited_and_given_up)
{
    open_mails();
    json_t *kept = rest_body(organiser, 200, "PUT", "/api/mail-texts",
                             written("session_cancelled", "fr", "Hélas : {session}",
                                     "Cher {last_name},\n\nPas de {session} {date}."));
    ck_assert(json_is_true(json_object_get(text_of(kept, "session_cancelled"), "own")));
    ck_assert(json_is_false(json_object_get(text_of(kept, "welcome"), "own")));
    json_decref(kept);
    pass(61);
    add_people(1);
    json_decref(
        rest_body(organiser, 200, "POST", path_of("sessions", session, "/cancel"), json_object()));
    pass(0);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT message->>'subject' FROM outbox"), "Hélas : Cœur");
    const char *mail = pg_sql(rest.url, "SELECT message->>'text' FROM outbox");
    ck_assert_ptr_nonnull(strstr(mail, "Cher N1,\n\nPas de Cœur mardi 1er décembre 2026"));
    ck_assert_ptr_nonnull(strstr(mail, "contact@labo.test"));
    kept = rest_body(organiser, 200, "POST", "/api/mail-texts/reset",
                     json_pack("{s:s,s:s}", "kind", "session_cancelled", "language", "fr"));
    ck_assert(json_is_false(json_object_get(text_of(kept, "session_cancelled"), "own")));
    json_decref(kept);
    ck_assert_str_eq(pg_sql(rest.url,
                            "SELECT string_agg(action || ' ' || (details->>'mail') || ' ' ||"
                            "   coalesce(details->>'subject', '-'), ', ' ORDER BY at, id)"
                            "  FROM audit_log WHERE action LIKE 'mail_text%'"),
                     "mail_text.change session_cancelled Hélas : {session}, "
                     "mail_text.reset session_cancelled -");
    close_mails();
}
END_TEST

START_TEST(a_placeholder_that_the_mail_does_not_have_is_refused_by_name)
{
    static const struct {
        const char *kind, *body, *reason;
    } cases[] = {
        {"welcome", "Bonjour {prenom}", "{prenom}"}, {"welcome", "À {when}", "{when}"},
        {"reminder", "{first_name", "{first_name"},  {"reminder", "100 } %", "}"},
        {"thanks", "{session}", "{session}"},        {"changed", "{}", "{}"},
    };
    open_mails();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *problem = rest_body(organiser, 422, "PUT", "/api/mail-texts",
                                    written(cases[i].kind, "fr", "S", cases[i].body));
        ck_assert_str_eq(rest_text(problem, "code"), "mail.placeholder");
        ck_assert_str_eq(rest_text(problem, "reason"), cases[i].reason);
        json_decref(problem);
    }
    rest_problem(organiser, 422, "request.invalid", "PUT", "/api/mail-texts",
                 written("welcome", "fr", "Deux\nlignes", "B"));
    rest_problem(organiser, 422, "request.invalid", "PUT", "/api/mail-texts",
                 written("welcome", "fr", "S", " \n "));
    rest_problem(organiser, 422, "request.invalid", "PUT", "/api/mail-texts",
                 written("link", "fr", "S", "B"));
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM mail_text"), "0");
    close_mails();
}
END_TEST

START_TEST(a_test_goes_to_whoever_asks_and_leads_nowhere)
{
    open_mails();
    ck_assert_int_eq(rest_status(organiser, "POST", path_of("congresses", congress, "/mails/test"),
                                 written("reminder", "en", "Now: {session}", "<b>{when}</b>")),
                     202);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT to_address || ' ' || (message->>'subject') ||"
                                      "       coalesce(message->>'calendar', '') FROM outbox"),
                     "olga@labo.test [Test] Now: Cœur");
    const char *html = pg_sql(rest.url, "SELECT message->>'html' FROM outbox");
    ck_assert_ptr_nonnull(strstr(html, "&lt;b&gt;in an hour&lt;/b&gt;"));
    ck_assert_ptr_nonnull(strstr(html, "href=\"" REST_BASE "/join\""));
    close_mails();
}
END_TEST

START_TEST(what_is_planned_follows_the_switches)
{
    open_mails();
    pass(61);
    const char *path = path_of("congresses", congress, "/mails");
    json_t *mails = rest_body(organiser, 200, "GET", path, NULL);
    json_t *planned = json_object_get(mails, "planned");
    ck_assert_uint_eq(json_array_size(planned), 3);
    ck_assert_str_eq(rest_text(json_array_get(planned, 0), "kind"), "day");
    ck_assert_str_eq(rest_text(json_array_get(planned, 0), "due_at"), "2026-11-30T18:30:00.000Z");
    json_decref(mails);
    edit(session, json_pack("{s:s}", "title", "Rein"));
    path = path_of("congresses", congress, "/mails");
    mails =
        rest_body(organiser, 200, "PUT", path,
                  json_pack("{s:b,s:b,s:b,s:b,s:b,s:i}", "remind_day", 0, "remind_hour", 1,
                            "remind_minutes", 0, "thanks", 1, "missed", 0, "gather_minutes", 30));
    planned = json_object_get(mails, "planned");
    ck_assert_uint_eq(json_array_size(planned), 2);
    ck_assert_str_eq(rest_text(json_array_get(planned, 0), "kind"), "changes");
    ck_assert_str_eq(rest_text(json_array_get(planned, 1), "kind"), "hour");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT details->>'gather_minutes' FROM audit_log"
                                      " WHERE action = 'mails.settings'"),
                     "30");
    json_decref(mails);
    rest_problem(organiser, 422, "request.invalid", "PUT", path,
                 json_pack("{s:b,s:b,s:b,s:b,s:b,s:i}", "remind_day", 0, "remind_hour", 1,
                           "remind_minutes", 0, "thanks", 1, "missed", 0, "gather_minutes", 4));
    close_mails();
}
END_TEST

REST_TESTS("mail_texts", every_kind_has_a_text_of_the_house_whose_placeholders_it_has,
           an_own_text_is_kept_used_audited_and_given_up,
           a_placeholder_that_the_mail_does_not_have_is_refused_by_name,
           a_test_goes_to_whoever_asks_and_leads_nowhere, what_is_planned_follows_the_switches)
