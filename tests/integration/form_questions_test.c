/* Questions of the organiser's own on the form: how they are kept, of whom they are asked, and what
 * becomes of the answers. */
#include "integration/registration_calls.h"

static const char *questions_path(void)
{
    static char path[128];
    snprintf(path, sizeof path, "/api/congresses/%s/form-questions", congress_id);
    return path;
}

static json_t *json(const char *text)
{
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    ck_assert_msg(value != NULL, "%s", text);
    return value;
}

#define SAID                                                                                       \
    "\"label_fr\": \"Q\", \"label_en\": \"Q\", \"help_fr\": \"\", \"help_en\": \"\","              \
    " \"hidden\": false, \"limited\": false, \"profiles\": []"
#define TEXT                                                                                       \
    "{\"key\": \"why\", \"kind\": \"text\", \"required\": false, \"max_length\": 5, " SAID "}"
#define NUMBER                                                                                     \
    "{\"key\": \"years\", \"kind\": \"number\", \"required\": false, \"minimum\": 0,"              \
    " \"maximum\": 60, \"whole\": true, " SAID "}"
#define OPTION(key, hidden)                                                                        \
    "{\"key\": \"" key "\", \"text_fr\": \"T\", \"text_en\": \"T\", \"hidden\": " hidden "}"
#define FOOD(options)                                                                              \
    "{\"key\": \"food\", \"kind\": \"choice\", \"required\": true, \"several\": false,"            \
    " \"options\": [" options "], " SAID "}"

static json_t *wish(int version, const char *questions)
{
    return json_pack("{s:i,s:o}", "version", version, "questions", json(questions));
}

static void set(int version, const char *questions)
{
    json_t *form_now = must(200, "PUT", questions_path(), wish(version, questions));
    ck_assert_int_eq(json_integer_value(json_object_get(form_now, "version")), version + 1);
    json_decref(form_now);
}

static void refused(int status, const char *problem, int version, const char *questions)
{
    rest_problem(organiser, status, problem, "PUT", questions_path(), wish(version, questions));
}

/* The field that a form with these answers is refused with; "": it is taken. */
static const char *faulty(const char *email, const char *answers)
{
    static char field[64];
    json_t *body = form(email);
    json_object_set_new(body, "answers", json(answers));
    struct rest_reply reply = rest_call(NULL, "POST", page(""), body);
    ck_assert(reply.status == 202 || reply.status == 422);
    const char *said = json_string_value(json_object_get(reply.body, "field"));
    snprintf(field, sizeof field, "%s", said ? said : "");
    json_decref(reply.body);
    return field;
}

START_TEST(answers_are_checked_and_come_with_the_confirmation)
{
    char anne[256];
    open_page(10);
    set(0, "[" TEXT "," FOOD(OPTION("v", "false") "," OPTION("w", "true")) "," NUMBER "]");
    ck_assert_str_eq(faulty("anne@hcp.test", "{}"), "answers.food");
    ck_assert_str_eq(faulty("anne@hcp.test", "{\"food\": []}"), "answers.food");
    ck_assert_str_eq(faulty("anne@hcp.test", "{\"food\": [\"w\"]}"), "answers.food"); /* hidden */
    ck_assert_str_eq(faulty("anne@hcp.test", "{\"food\": [\"v\", \"v\"]}"), "answers.food");
    ck_assert_str_eq(faulty("anne@hcp.test", "{\"food\": \"v\"}"), "answers.food");
    ck_assert_str_eq(faulty("anne@hcp.test", "{\"food\": [\"v\"], \"why\": \"abcdef\"}"),
                     "answers.why");
    ck_assert_str_eq(faulty("anne@hcp.test", "{\"food\": [\"v\"], \"why\": 5}"), "answers.why");
    ck_assert_str_eq(faulty("anne@hcp.test", "{\"food\": [\"v\"], \"years\": 2.5}"),
                     "answers.years");
    ck_assert_str_eq(faulty("anne@hcp.test", "{\"food\": [\"v\"], \"years\": 61}"),
                     "answers.years");
    ck_assert_str_eq(value("SELECT count(*) FROM registration_request"), "0");
    ck_assert_str_eq(faulty("anne@hcp.test",
                            "{\"food\": [\"v\"], \"years\": 3.0, \"why\": \" \", \"other\": 1}"),
                     "");
    ck_assert_str_eq(value("SELECT answers::text FROM registration_request"),
                     "{\"food\": [\"v\"], \"years\": 3}");
    ck_assert_str_eq(value("SELECT count(*) FROM form_answer"), "0");
    join("anne@hcp.test", anne);
    ck_assert_str_eq(value("SELECT string_agg(question_key || value::text, ' ' ORDER BY 1)"
                           "  FROM form_answer"),
                     "food[\"v\"] years3");
    rest_close();
}
END_TEST

START_TEST(what_was_answered_stays_readable)
{
    char anne[256];
    open_page(10);
    set(0, "[" FOOD(OPTION("v", "false") "," OPTION("w", "false")) "," NUMBER "]");
    ck_assert_str_eq(faulty("anne@hcp.test", "{\"food\": [\"v\"]}"), "");
    join("anne@hcp.test", anne);
    refused(409, "form.answered", 1, "[" NUMBER "]");
    refused(409, "form.answered", 1, "[" FOOD(OPTION("w", "false")) "]");
    refused(409, "form.changed", 0, "[" FOOD(OPTION("v", "false")) "]");
    refused(409, "form.changed", 2, "[" FOOD(OPTION("v", "false")) "]");
    set(1, "[" FOOD(OPTION("v", "true") "," OPTION("x", "false")) "]"); /* w, years: nobody's */
    ck_assert_str_eq(value("SELECT string_agg(key, ' ') FROM form_question"), "food");
    ck_assert_str_eq(value("SELECT form_answer_text(q, a.value, 'fr') FROM form_question q"
                           "  JOIN form_answer a ON a.question_key = q.key"),
                     "T");
    ck_assert_str_eq(value("SELECT string_agg(details::text, ' ' ORDER BY id) FROM audit_log"
                           " WHERE action = 'registration.form'"),
                     "{\"before\": 0, \"questions\": 2} {\"before\": 2, \"questions\": 1}");
    rest_close();
}
END_TEST

START_TEST(what_is_no_question_is_refused)
{
    char list[16384] = "[";
    open_page(10);
    refused(422, "request.invalid", 0, "[" TEXT "," TEXT "]");
    refused(422, "request.invalid", 0, "[" FOOD(OPTION("v", "true")) "]");
    refused(422, "request.invalid", 0, "[" FOOD(OPTION("v", "false") "," OPTION("v", "false")) "]");
    refused(422, "request.invalid", 0, "[{\"key\": \"Why?\", \"kind\": \"text\"}]");
    refused(422, "request.invalid", 0, "[3]");
    for (int i = 0; i < 21; i++)
        snprintf(
            list + strlen(list), sizeof list - strlen(list),
            "%s{\"key\": \"k%d\", \"kind\": \"text\", \"required\": false, \"max_length\": 5, " SAID
            "}",
            i ? "," : "", i);
    strcat(list, "]");
    refused(422, "request.invalid", 0, list);
    ck_assert_str_eq(value("SELECT count(*) FROM registration_form"), "0");
    ck_assert_int_eq(rest_status(NULL, "GET", questions_path(), NULL), 401);
    rest_close();
}
END_TEST

/* Cardiologists, as a profile of the congress. */
static const char *profile(const char *criterion)
{
    static char sql[512], id[ID_TEXT_SIZE];
    snprintf(sql, sizeof sql,
             "WITH p AS (INSERT INTO target_profile (organisation_id, congress_id, name, position,"
             " created_at) SELECT organisation_id, id, gen_random_uuid()::text, 1, created_at"
             " FROM congress RETURNING id), c AS (INSERT INTO target_profile_criterion"
             " SELECT id, 1, %s FROM p) SELECT id FROM p",
             criterion);
    snprintf(id, sizeof id, "%s", value(sql));
    return id;
}

static size_t asked(const char *typed)
{
    json_t *reply = rest_body(NULL, 200, "POST", page("/questions"), json(typed));
    size_t n = json_array_size(json_object_get(reply, "questions"));
    json_decref(reply);
    return n;
}

START_TEST(a_question_is_asked_of_whom_a_profile_accepts)
{
    char list[1024], anne[256];
    open_page(10);
    snprintf(list, sizeof list,
             "[{\"key\": \"beds\", \"kind\": \"number\", \"required\": true, \"minimum\": null,"
             " \"maximum\": null, \"whole\": true, \"label_fr\": \"Lits\", \"label_en\": \"Beds\","
             " \"help_fr\": \"\", \"help_en\": \"\", \"hidden\": false, \"limited\": true,"
             " \"profiles\": [\"%s\"]}]",
             profile("'all_of', 'specialty', '{SM04}'"));
    set(0, list);
    json_t *shown = rest_body(NULL, 200, "GET", page(""), NULL);
    ck_assert_int_eq(json_array_size(json_object_get(shown, "questions")), 0);
    ck_assert(json_is_true(json_object_get(shown, "questions_adapt")));
    json_decref(shown);
    ck_assert_int_eq(asked("{\"language\": \"fr\"}"), 0);
    ck_assert_int_eq(asked("{\"language\": \"fr\", \"profession\": \"10\"}"), 0);
    ck_assert_int_eq(
        asked("{\"language\": \"fr\", \"profession\": \"10\", \"specialty\": \"SM04\"}"), 1);
    ck_assert_str_eq(faulty("anne@hcp.test", "{}"), "answers.beds");
    ck_assert_str_eq(faulty("anne@hcp.test", "{\"beds\": 4}"), "");
    join("anne@hcp.test", anne);
    ck_assert_str_eq(value("SELECT value FROM form_answer"), "4");

    json_t *mine = rest_body(anne, 200, "GET", "/api/my/profile", NULL);
    json_t *question = json_array_get(json_object_get(mine, "questions"), 0);
    ck_assert_int_eq(json_integer_value(json_object_get(question, "answer")), 4);
    json_decref(mine);
    rest_problem(anne, 422, "request.invalid", "PATCH", "/api/my/answers",
                 json("{\"answers\": {}}"));
    json_decref(
        rest_body(anne, 200, "PATCH", "/api/my/answers", json("{\"answers\": {\"beds\": 7}}")));
    ck_assert_str_eq(value("SELECT value FROM form_answer"), "7");
    ck_assert_str_eq(
        value("SELECT details::text FROM audit_log WHERE action = 'registration.answers'"), "{}");

    json_t *now = json_pack("{s:s,s:n,s:s,s:s,s:s}", "profession", "21", "specialty",
                            "practice_setting", "SA01", "region", "84", "age_band", "under_35");
    json_decref(rest_body(anne, 200, "PATCH", "/api/my/profile", now));
    ck_assert_str_eq(value("SELECT count(*) FROM form_answer"), "0"); /* not asked of pharmacists */
    rest_close();
}
END_TEST

START_TEST(a_target_list_has_no_say_in_what_is_asked)
{
    char list[1024];
    open_page(10);
    value(
        "WITH l AS (INSERT INTO target_list (organisation_id, name, people, created_at, changed_at)"
        " SELECT id, 'L', 0, created_at, created_at FROM organisation RETURNING id)"
        " SELECT set_config('test.list', id::text, false) FROM l");
    const char *id = profile("'all_of', 'target_list', ARRAY(SELECT id::text FROM target_list)");
    snprintf(list, sizeof list,
             "[{\"key\": \"why\", \"kind\": \"text\", \"required\": true, \"max_length\": 9, "
             "\"label_fr\": \"Q\", \"label_en\": \"Q\", \"help_fr\": \"\", \"help_en\": \"\","
             " \"hidden\": false, \"limited\": true, \"profiles\": [\"%s\"]}]",
             id);
    refused(422, "request.invalid", 0, list);
    rest_close();
}
END_TEST

/* Rule: who changes the questions waits for whoever is confirming, so that no option that is being
 * answered at that moment goes. */
START_TEST(an_option_does_not_go_while_it_is_answered)
{
    char anne[256];
    const char *why = "";
    open_page(10);
    set(0, "[" FOOD(OPTION("v", "false") "," OPTION("w", "false")) "]");
    ck_assert_str_eq(faulty("anne@hcp.test", "{\"food\": [\"w\"]}"), "");
    join("anne@hcp.test", anne);
    struct db_conn *confirming = db_connect(rest.url, &why), *changing = db_connect(rest.url, &why);
    struct id congress;
    ck_assert(confirming && changing && id_parse(congress_id, &congress));
    ck_assert_int_eq(db_begin(confirming), ERR_OK);
    ck_assert_int_eq(db_exec(confirming,
                             "SELECT form_answers_keep(id, '{\"food\": [\"v\"]}', now())"
                             "  FROM registration",
                             ""),
                     ERR_OK);
    static const char change[] = "SELECT registration_form_set($1, 1, $2)";
    json_t *questions = json("[" FOOD(OPTION("w", "false")) "]");
    ck_assert_int_eq(db_exec(changing, "SET lock_timeout = '100ms'", ""), ERR_OK);
    ck_assert_int_ne(db_exec(changing, change, "uj", &congress, questions), ERR_OK); /* it waits */
    ck_assert_int_eq(db_commit(confirming), ERR_OK);
    struct db_result *r = db_query(changing, change, "uj", &congress, questions);
    ck_assert_int_eq(db_one(r), ERR_OK);
    ck_assert_str_eq(db_text(r, 0, 0), "answered");
    db_result_free(r);
    json_decref(questions);
    db_disconnect(confirming);
    db_disconnect(changing);
    rest_close();
}
END_TEST

START_TEST(who_reviews_reads_the_answers)
{
    char anne[256], path[128];
    open_page(10);
    set(0, "[" TEXT "," FOOD(OPTION("v", "false")) "]");
    ck_assert_str_eq(faulty("anne@hcp.test", "{\"why\": \"Zorro\", \"food\": [\"v\"]}"), "");
    join("anne@hcp.test", anne);
    value("UPDATE registration SET state = 'in_review';"
          "INSERT INTO registration_review (registration_id, organisation_id, since)"
          " SELECT id, organisation_id, registered_at FROM registration");
    snprintf(path, sizeof path, "/api/congresses/%s/reviews", congress_id);
    json_t *queue = must(200, "GET", path, NULL);
    json_t *answers =
        json_object_get(json_array_get(json_object_get(queue, "items"), 0), "answers");
    ck_assert_int_eq(json_array_size(answers), 2);
    ck_assert_str_eq(rest_text(json_array_get(answers, 0), "text_fr"), "Zorro");
    ck_assert_str_eq(rest_text(json_array_get(answers, 1), "text_en"), "T");
    json_decref(queue);
    rest_close();
}
END_TEST

START_TEST(an_erased_person_leaves_no_answer)
{
    char anne[256], path[128];
    open_page(10);
    set(0, "[" TEXT "]");
    ck_assert_str_eq(faulty("anne@hcp.test", "{\"why\": \"Zorro\"}"), "");
    join("anne@hcp.test", anne);
    json_t *data = rest_body(anne, 200, "GET", "/api/my/data", NULL);
    json_t *answer = json_array_get(json_object_get(data, "answers"), 0);
    ck_assert_str_eq(rest_text(answer, "answer"), "Zorro");
    ck_assert_str_eq(rest_text(answer, "question"), "Q");
    json_decref(data);
    snprintf(path, sizeof path, "/api/registrations/%s/erase",
             value("SELECT id FROM registration"));
    ck_assert_int_eq(rest_status(organiser, "POST", path, json_object()), 204);
    ck_assert_str_eq(value("SELECT count(*) FROM form_answer"), "0");
    rest_close();
}
END_TEST

START_TEST(a_copy_of_the_congress_asks_the_same)
{
    open_page(10);
    char list[2048];
    snprintf(list, sizeof list,
             "[" FOOD(OPTION(
                 "v", "false")) ",{\"key\": \"beds\", \"kind\": \"text\", \"required\": false,"
                                " \"max_length\": 9, \"label_fr\": \"Q\", \"label_en\": \"Q\", "
                                "\"help_fr\": \"\","
                                " \"help_en\": \"\", \"hidden\": false, \"limited\": true, "
                                "\"profiles\": [\"%s\"]}]",
             profile("'all_of', 'specialty', '{SM04}'"));
    set(0, list);
    json_decref(must(201, "POST", "/api/congress-copies",
                     json_pack("{s:s,s:s,s:s}", "congress", congress_id, "title", "Two",
                               "first_day", "2027-01-05")));
    ck_assert_str_eq(
        value(
            "SELECT string_agg(q.key || (p.congress_id = q.congress_id)::text, ' ' ORDER BY q.key)"
            "  FROM form_question q LEFT JOIN form_question_profile s"
            "    ON (s.congress_id, s.question_key) = (q.congress_id, q.key)"
            "  LEFT JOIN target_profile p ON p.id = s.target_profile_id"
            "  JOIN congress c ON c.id = q.congress_id WHERE c.title = 'Two' AND q.limited"),
        "bedstrue");
    ck_assert_str_eq(value("SELECT count(*) FROM form_question"), "4");
    rest_close();
}
END_TEST

REST_TESTS("form_questions", answers_are_checked_and_come_with_the_confirmation,
           what_was_answered_stays_readable, what_is_no_question_is_refused,
           a_question_is_asked_of_whom_a_profile_accepts, a_target_list_has_no_say_in_what_is_asked,
           an_option_does_not_go_while_it_is_answered, who_reviews_reads_the_answers,
           an_erased_person_leaves_no_answer, a_copy_of_the_congress_asks_the_same)
