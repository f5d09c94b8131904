#include "db/db.h"
#include "feature_list.h"
#include "features/exports/exports_store.h"
#include "harness/audience.h"
#include "harness/pg.h"
#include "sample/sample.h"
#include "unit/run.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

#define NOW      1793000000000000LL
#define NOW_TEXT "2026-10-26T07:33:20Z"

static const char *url;
static struct db_conn *conn;
static struct buf file;
static struct csv csv;

static void make(void)
{
    const char *why = "";
    url = pg_test_database();
    conn = db_connect(url, &why);
    ck_assert_msg(conn != NULL, "%s", why);
    buf_init(&file, 1 << 20);
}

static void done(void)
{
    buf_release(&file);
    db_disconnect(conn);
}

static enum err add_line(void *arg)
{
    ++*(int *)arg;
    return ERR_OK;
}

static bool whole; /* the congress's registrations, else the session's attendance */

static enum err export_of(const struct id *organisation)
{
    int lines = 0;
    struct export_of of = {.organisation = *organisation,
                           .id = audience_id(whole ? AUDIENCE_CONGRESS : AUDIENCE_SESSION),
                           .whole = whole,
                           .features = all_features};
    json_t *questions = NULL;
    enum err err = export_questions(conn, &of, &questions);
    of.questions = questions;
    if (err == ERR_OK) {
        export_header(&csv, &of);
        err = export_lines(conn, &of, &csv, add_line, &lines);
    }
    json_decref(questions);
    return err;
}

static const char *export_in(enum csv_dialect dialect)
{
    struct id organisation = audience_id(AUDIENCE_ORG);
    buf_clear(&file);
    csv = csv_begin(&file, dialect);
    ck_assert_int_eq(export_of(&organisation), ERR_OK);
    return file.data;
}

static const char *export_all(void)
{
    return export_in(CSV_MACHINE);
}

#define ATTENDANCE_HEADER                                                                          \
    "registration_id,last_name,first_name,email,profession,profession_label,specialty,"            \
    "specialty_label,practice_setting,practice_setting_label,region,region_label,age_band,"        \
    "target_profiles,channel,channel_label,registered_at,state,first_join,last_leave,"             \
    "seconds_present,seconds_attentive,live_seconds,share_of_live_time,attended,completed,"        \
    "rpps,registry,category,affiliation,questions,votes,seconds_heard\r\n"

START_TEST(each_registration_is_one_line_with_the_figures_of_its_spans)
{
    make();
    audience_make(url);
    audience_register(url, 1, "10", "SM04", "SA01", "11", "45_54");
    audience_register(url, 2, "60", NULL, "SA07", "53", "under_35");
    audience_span(url, 1, -60, 400, false);
    audience_span(url, 1, 420, 900, false); /* 20 s later: bridged */
    audience_span(url, 1, 300, 500, false); /* another device */
    pg_sql(url,
           "UPDATE session SET state = 'ended', ended_at = live_at + interval '1000 seconds';"
           "UPDATE hcp SET last_name = '=cmd|\"x\"' WHERE email = 'p1@example.org';"
           "INSERT INTO target_profile (organisation_id, congress_id, name, position, created_at)"
           " SELECT '" AUDIENCE_ORG "', '" AUDIENCE_CONGRESS "', n, p, now()"
           "   FROM (VALUES ('Second', 2), ('First', 1)) t (n, p);"
           "SELECT match_congress('" AUDIENCE_CONGRESS "');"
           "INSERT INTO question (id, organisation_id, session_id, registration_id, text, asked_at,"
           "  state_at) SELECT gen_random_uuid(), '" AUDIENCE_ORG "', '" AUDIENCE_SESSION "',"
           "  '00000000-0000-4000-8000-000000000001', 'Why?', now(), now()"
           "  FROM generate_series(1, 2)");
    ck_assert_str_eq(
        export_all(), ATTENDANCE_HEADER
        "00000000-0000-4000-8000-000000000001,\"=cmd|\"\"x\"\"\",First1,p1@example.org,10,"
        "Physician,SM04,Cardiology and vascular diseases,SA01,Public or university "
        "hospital,11,Île-de-France,"
        "45_54,First; Second,email,E-mail,2026-10-02T14:01:00.000+02:00,registered,"
        "2026-11-01T18:59:00.000+01:00,2026-11-01T19:15:00.000+01:00,900,0,1000,0.9000,yes,yes,,,"
        "hcp,,2,"
        "0,0\r\n"
        "00000000-0000-4000-8000-000000000002,Last2,First2,p2@example.org,60,Nurse,,,SA07,"
        "Solo practice,53,Brittany,under_35,First; Second,email,E-mail,"
        "2026-10-02T14:02:00.000+02:00,registered,,,0,0,1000,0.0000,no,no,,,hcp,,0,0,0\r\n");
    done();
}
END_TEST

/* Rule: a question of the organiser's own is a column, after all others: named in the language of
 * the file, by its key for machines, and nothing in it is run by a spreadsheet. */
START_TEST(each_question_of_the_form_is_a_column)
{
    make();
    audience_make(url);
    audience_register(url, 1, "10", "SM04", "SA01", "11", "45_54");
    pg_sql(
        url,
        "INSERT INTO form_question (congress_id, organisation_id, key, position, kind, label_fr,"
        "   label_en, help_fr, help_en, required, hidden, limited, max_length, several, options,"
        "   whole)"
        " SELECT '" AUDIENCE_CONGRESS "', '" AUDIENCE_ORG "', k, n, kind, fr, en, '', '', false,"
        "        hidden, false, CASE kind WHEN 'text' THEN 9 END, CASE kind WHEN 'choice' THEN "
        "true END,"
        "        CASE kind WHEN 'choice' THEN '[{\"key\": \"v\", \"text_fr\": \"Végétarien\","
        "   \"text_en\": \"Vegetarian\", \"hidden\": true}, {\"key\": \"w\", \"text_fr\": "
        "\"Halal\","
        "   \"text_en\": \"Halal\", \"hidden\": false}]'::jsonb END, CASE kind WHEN 'number' THEN "
        "false END"
        "   FROM (VALUES ('food', 1, 'choice', 'Repas', 'Meal', false),"
        "                ('years', 2, 'number', 'Années', 'Years', true),"
        "                ('gone', 3, 'text', 'Vide', 'Empty', true),"
        "                ('why', 4, 'text', '=Pourquoi', '=Why', false)) t (k, n, kind, fr, en, "
        "hidden);"
        "INSERT INTO form_answer SELECT '00000000-0000-4000-8000-000000000001', k, '" AUDIENCE_ORG
        "',"
        "   '" AUDIENCE_CONGRESS "', v::jsonb, now() FROM (VALUES ('food', '[\"w\", \"v\"]'),"
        "   ('years', '-2.5'), ('why', '\"=1+1\"')) t (k, v)");
    const char *text = export_in(CSV_MACHINE);
    ck_assert(strstr(text, ",seconds_heard,answer_food,answer_years,answer_why\r\n"));
    ck_assert(strstr(text, ",v; w,-2.5,=1+1\r\n"));
    text = export_in(CSV_EXCEL_FR);
    ck_assert(strstr(text, ";Repas;Années;'=Pourquoi\r\n"));
    ck_assert(strstr(text, "\"Végétarien; Halal\";-2,5;'=1+1\r\n"));
    ck_assert(strstr(export_in(CSV_EXCEL_EN), ",\"Vegetarian; Halal\",-2.5,'=1+1\r\n"));
    done();
}
END_TEST

/* Rule: the file of a congress's registrations has what is known of each, and nothing of a session.
 */
START_TEST(registrations_are_a_file_of_their_own)
{
    make();
    audience_make(url);
    audience_register(url, 1, "10", "SM04", "SA01", "11", "45_54");
    audience_register(url, 2, "60", NULL, "SA07", "53", "under_35");
    pg_sql(url, "UPDATE registration SET state = 'waiting', confirmed_at = registered_at"
                " WHERE profession = '60'");
    whole = true;
    ck_assert_str_eq(
        export_all(),
        "registration_id,last_name,first_name,email,profession,profession_label,specialty,"
        "specialty_label,practice_setting,practice_setting_label,region,region_label,age_band,"
        "target_profiles,channel,channel_label,registered_at,confirmed_at,language,state,rpps,"
        "registry,category,affiliation\r\n"
        "00000000-0000-4000-8000-000000000001,Last1,First1,p1@example.org,10,Physician,SM04,"
        "Cardiology and vascular diseases,SA01,Public or university hospital,11,Île-de-France,"
        "45_54,,email,E-mail,2026-10-02T14:01:00.000+02:00,,en,registered,,,hcp,\r\n"
        "00000000-0000-4000-8000-000000000002,Last2,First2,p2@example.org,60,Nurse,,,SA07,"
        "Solo practice,53,Brittany,under_35,,email,E-mail,2026-10-02T14:02:00.000+02:00,"
        "2026-10-02T14:02:00.000+02:00,en,waiting,,,hcp,\r\n");
    whole = false;
    ck_assert(strstr(export_all(), ",seconds_heard\r\n") && strstr(file.data, ",Last2,"));
    whole = true; /* of several files a connection keeps each apart */
    for (int i = 0; i < 3; i++)
        ck_assert(strstr(export_all(), ",Last2,"));
    whole = false;
    done();
}
END_TEST

START_TEST(french_excel_gets_its_separator_its_words_and_text_that_stays_text)
{
    make();
    audience_make(url);
    audience_register(url, 1, "50", NULL, "SA07", "01", "under_35");
    audience_span(url, 1, 0, 900, false);
    pg_sql(url, "UPDATE session SET state = 'ended', ended_at = live_at + interval '1000 seconds';"
                "UPDATE hcp SET first_name = '12 mars', last_name = '＝1;-2', email = '+a@x.org'");
    const char *text = export_in(CSV_EXCEL_FR);
    ck_assert_ptr_eq(strstr(text, "\xEF\xBB\xBFInscription;Nom;Prénom;E-mail;"), text);
    ck_assert_ptr_nonnull(
        strstr(text, "\r\n00000000-0000-4000-8000-000000000001;\"'＝1;'-2\";\"=\"\"12 mars\"\"\";"
                     "'+a@x.org;\"=\"\"50\"\"\";Sage-femme;"));
    ck_assert_ptr_nonnull(strstr(text, ";\"=\"\"01\"\"\";Guadeloupe;"));
    ck_assert_ptr_nonnull(
        strstr(text, ";2026-10-02 14:01:00 +02:00;inscrit;2026-11-01 19:00:00 +01:00;"
                     "2026-11-01 19:15:00 +01:00;900;0;1000;0,9000;oui;oui;;;professionnel de "
                     "santé;;0;0;0\r\n"));
    ck_assert_ptr_nonnull(strstr(export_in(CSV_EXCEL_EN), ",Midwife,"));
    done();
}
END_TEST

/* A microsecond below the minute and below the threshold: what is shown says no, too. */
START_TEST(what_a_line_shows_decides_as_the_rule_does)
{
    make();
    audience_make(url);
    for (int n = 1; n <= 4; n++)
        audience_register(url, n, "50", NULL, "SA07", "53", "under_35");
    audience_span(url, 1, 0, 60, false);
    audience_span(url, 3, 0, 750, false);
    pg_sql(url, "UPDATE session SET state = 'ended', ended_at = live_at + interval '1000 seconds';"
                "INSERT INTO span (id, organisation_id, session_id, registration_id, kind,"
                "  connection, node_id, joined_at, left_at)"
                " SELECT i, organisation_id, session_id, i, 'connected', i, node_id, joined_at,"
                "        left_at - interval '1 microsecond'"
                "  FROM (SELECT p.*, (left(registration_id::text, 35) ||"
                "    CASE right(registration_id::text, 1) WHEN '1' THEN '2' ELSE '4' END)::uuid i"
                "    FROM span p) q");
    const char *text = export_all();
    ck_assert_ptr_nonnull(strstr(text, ",60,0,1000,0.0600,yes,no,,,hcp,,0,0,0\r\n"));
    ck_assert_ptr_nonnull(strstr(text, ",59,0,1000,0.0599,no,no,,,hcp,,0,0,0\r\n"));
    ck_assert_ptr_nonnull(strstr(text, ",750,0,1000,0.7500,yes,yes,,,hcp,,0,0,0\r\n"));
    ck_assert_ptr_nonnull(strstr(text, ",749,0,1000,0.7499,yes,no,,,hcp,,0,0,0\r\n"));
    done();
}
END_TEST

START_TEST(labels_follow_the_congress_and_the_share_is_blank_before_the_start)
{
    make();
    audience_make(url);
    audience_register(url, 1, "50", NULL, "SA07", "53", "under_35");
    pg_sql(url, "UPDATE congress SET language = 'fr';"
                "UPDATE session SET state = 'lobby', live_at = NULL");
    const char *text = export_all();
    ck_assert_ptr_nonnull(strstr(text, ",Sage-femme,"));
    ck_assert_ptr_nonnull(strstr(text, ",registered,,,0,0,0,,no,no,,,hcp,,0,0,0\r\n"));
    done();
}
END_TEST

START_TEST(an_export_is_audited_and_another_organisations_session_is_not_found)
{
    make();
    audience_make(url);
    audience_register(url, 1, "50", NULL, "SA07", "53", "under_35");
    struct identity mine = audience_organiser(), stranger = audience_stranger();
    struct id session = audience_id(AUDIENCE_SESSION);
    struct export_about about;
    ck_assert_int_eq(export_find(conn, &stranger, &session, &about), ERR_NOT_FOUND);
    ck_assert_int_eq(export_find(conn, &mine, &session, &about), ERR_OK);
    ck_assert_int_eq(export_audit(conn, &mine, &(struct export_of){.id = session}, 1, NOW), ERR_OK);
    ck_assert_str_eq(pg_sql(url, "SELECT action || ' ' || object_id || details FROM audit_log"),
                     "attendance.export " AUDIENCE_SESSION "{\"people\": 1}");
    ck_assert_str_eq(about.congress, "Congress");
    ck_assert_str_eq(about.session, "Session");
    ck_assert_str_eq(about.day, "2026-11-01");
    buf_clear(&file);
    csv = csv_begin(&file, CSV_MACHINE);
    ck_assert_int_eq(export_of(&stranger.organisation), ERR_NOT_FOUND);
    ck_assert_uint_eq(file.len, 0);
    done();
}
END_TEST

/* Without statistics: what has just filled, in the first minutes of a talk. */
START_TEST(a_crowd_that_came_a_moment_ago_is_exported_quickly)
{
    struct timespec began, ended;
    make();
    audience_make(url);
    pg_sql(
        url,
        "CREATE TEMP TABLE person AS SELECT gen_random_uuid() AS id FROM generate_series(1, 600);"
        "INSERT INTO hcp (id, organisation_id, email, first_name, last_name, created_at)"
        " SELECT id, '" AUDIENCE_ORG "', id || '@example.org', 'A', 'B', '2026-10-02' FROM person;"
        "INSERT INTO registration (id, organisation_id, congress_id, hcp_id, link_id, channel,"
        "  language, state, profession, practice_setting, region, age_band, registered_at)"
        " SELECT id, '" AUDIENCE_ORG "', '" AUDIENCE_CONGRESS "', id, '" AUDIENCE_CONGRESS
        "', 'email', 'en', 'registered', '60', 'SA07', '11', '45_54', '2026-10-02' FROM person;"
        "INSERT INTO span (id, organisation_id, session_id, registration_id, kind, connection,"
        "  node_id, joined_at) SELECT id, '" AUDIENCE_ORG "', '" AUDIENCE_SESSION
        "', id, 'connected', id, '" AUDIENCE_ORG "', '" AUDIENCE_LIVE_AT "' FROM person");
    clock_gettime(CLOCK_MONOTONIC, &began);
    const char *text = export_all();
    clock_gettime(CLOCK_MONOTONIC, &ended);
    size_t lines = 0;
    for (const char *at = text; (at = strstr(at, "\r\n")); at += 2)
        lines++;
    ck_assert_uint_eq(lines, 601);
    ck_assert_int_lt(ended.tv_sec - began.tv_sec, 5);
    done();
}
END_TEST

START_TEST(the_sample_is_loaded_once_and_its_links_are_new_each_time)
{
    make();
    struct clock clock;
    clock_init_fake(&clock, NOW);
    struct app app = {.clock = &clock, .base_url = "https://localhost:8443"};
    struct sample_links first, second;
    ck_assert_int_eq(sample_load(conn, &app, "sample", &first), ERR_OK);
    ck_assert_int_eq(sample_load(conn, &app, "sample", &second), ERR_OK);
    ck_assert_str_eq(pg_sql(url, "SELECT count(*) FROM organisation"), "1");
    ck_assert_str_eq(pg_sql(url, "SELECT count(*) FROM one_time_link"), "6");
    ck_assert_ptr_nonnull(strstr(first.organiser, "https://localhost:8443/sign-in#"));
    ck_assert_ptr_nonnull(strstr(first.hcp, "https://localhost:8443/join#"));
    ck_assert_str_ne(first.organiser, second.organiser);
    ck_assert_str_ne(first.organiser, first.host);
    ck_assert_str_eq(pg_sql(url, "SELECT count(*) FROM account WHERE password_hash IS NOT NULL"),
                     "0");
    /* they have worked here before, as the team's page says, and nobody of them is signed in */
    ck_assert_str_eq(pg_sql(url,
                            "SELECT count(DISTINCT account_id) = (SELECT count(*) FROM account)"
                            "       AND bool_and(revoked_at < '" NOW_TEXT "') FROM sign_in"),
                     "t");
    ck_assert_str_eq(pg_sql(url, "SELECT string_agg(state, ' ' ORDER BY starts_at) FROM session"),
                     "ended lobby");
    ck_assert_str_eq(pg_sql(url, "SELECT bool_and(email LIKE '%@example.org') FROM hcp"), "t");
    ck_assert_str_eq(
        pg_sql(url, "SELECT count(*) FROM session s, session_participation(s.id) p"
                    " WHERE s.state = 'ended' AND p.completed > 0 AND p.completed < p.registered"),
        "4");
    done();
}
END_TEST

int main(void)
{
    pg_setup();
    return run_tests(
        "exports", (const TTest *const[]){
                       each_registration_is_one_line_with_the_figures_of_its_spans,
                       each_question_of_the_form_is_a_column, registrations_are_a_file_of_their_own,
                       french_excel_gets_its_separator_its_words_and_text_that_stays_text,
                       what_a_line_shows_decides_as_the_rule_does,
                       labels_follow_the_congress_and_the_share_is_blank_before_the_start,
                       an_export_is_audited_and_another_organisations_session_is_not_found,
                       a_crowd_that_came_a_moment_ago_is_exported_quickly,
                       the_sample_is_loaded_once_and_its_links_are_new_each_time, NULL});
}
