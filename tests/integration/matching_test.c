#include "db/db.h"
#include "features/audience/audience_store.h"
#include "harness/audience.h"
#include "harness/pg.h"
#include "harness/wait.h"
#include "unit/run.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define PEOPLE 120
#define NOW    1793000000000000LL

static const char *const SPECIALTIES[] = {NULL, "SM04", "SM26", "SM53", "SM54", "SM16", "SM62"};
static const char *const PROFESSIONS[] = {"10", "60", "21"};
static const char *const SETTINGS[] = {"SA01", "SA07", "SA25", "SA29"};
static const char *const REGIONS[] = {"11", "93", "01"};
static const char *const AGES[] = {"under_35", "45_54"};
static const struct {
    const char *name;
    const char *const *codes;
    int n;
} ATTRIBUTES[] = {{"profession", PROFESSIONS, 3},
                  {"specialty", SPECIALTIES, 7},
                  {"practice_setting", SETTINGS, 4},
                  {"region", REGIONS, 3},
                  {"age_band", AGES, 2}};
static const char *const MODES[] = {"all_of", "any_of", "none_of"};

static const char *url;
static struct db_conn *conn;
static const char *people[PEOPLE + 1][5];

static void make(void)
{
    const char *why = "";
    url = pg_test_database();
    audience_make(url);
    conn = db_connect(url, &why);
    ck_assert_msg(conn != NULL, "%s", why);
}

static void make_people(int n)
{
    make();
    srand(11);
    for (int i = 1; i <= n; i++) {
        for (int a = 0; a < 5; a++)
            people[i][a] = ATTRIBUTES[a].codes[rand() % ATTRIBUTES[a].n];
        audience_register(url, i, people[i][0], people[i][1], people[i][2], people[i][3],
                          people[i][4]);
    }
}

static void done(void)
{
    db_disconnect(conn);
}

/* The oracle: which code stands for a group, written down again by hand. */
static const char *group(const char *code)
{
    static const char *const same[][2] = {
        {"SM26", "SM54"}, {"SM53", "SM54"}, {"SM16", "SM62"}, {"SA29", "SA25"}};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (!strcmp(code, same[i][0]))
            return same[i][1];
    return code;
}

static bool holds(const json_t *criterion, int person)
{
    const char *attribute = json_string_value(json_object_get(criterion, "attribute"));
    size_t i;
    json_t *code;
    for (int a = 0; a < 5; a++) {
        if (strcmp(attribute, ATTRIBUTES[a].name) || !people[person][a])
            continue;
        json_array_foreach(json_object_get(criterion, "codes"), i, code)
        {
            if (!strcmp(group(json_string_value(code)), group(people[person][a])))
                return true;
        }
    }
    return false;
}

static bool oracle(const json_t *criteria, int person)
{
    size_t i;
    json_t *criterion;
    bool any = json_array_size(json_object_get(criteria, "any_of")) == 0;
    json_array_foreach(json_object_get(criteria, "all_of"), i, criterion)
    {
        if (!holds(criterion, person))
            return false;
    }
    json_array_foreach(json_object_get(criteria, "none_of"), i, criterion)
    {
        if (holds(criterion, person))
            return false;
    }
    json_array_foreach(json_object_get(criteria, "any_of"), i, criterion)
    {
        any = any || holds(criterion, person);
    }
    return any;
}

static json_t *random_criteria(void)
{
    json_t *criteria = json_object();
    for (int m = 0; m < 3; m++) {
        json_t *list = json_array();
        for (int k = rand() % 3; k > 0; k--) {
            int a = rand() % 5;
            json_t *codes = json_array();
            for (int c = 1 + rand() % 3; c > 0; c--) {
                const char *code = ATTRIBUTES[a].codes[rand() % ATTRIBUTES[a].n];
                json_array_append_new(codes, json_string(code ? code : "SM01"));
            }
            json_array_append_new(
                list, json_pack("{s:s,s:o}", "attribute", ATTRIBUTES[a].name, "codes", codes));
        }
        json_object_set_new(criteria, MODES[m], list);
    }
    return criteria;
}

static struct profile_result create(const char *name, json_t *criteria)
{
    struct identity who = audience_organiser();
    struct id congress = audience_id(AUDIENCE_CONGRESS);
    struct profile_result result;
    struct profile_input in = {.name = name, .criteria = criteria};
    ck_assert_int_eq(profile_create(conn, &who, &congress, &in, NOW, &result), ERR_OK);
    return result;
}

static bool stored(const struct id *profile, int person)
{
    struct id id = audience_person(person);
    struct db_result *r = db_query(
        conn,
        "SELECT 1 FROM registration_profile WHERE registration_id = $1 AND target_profile_id = $2",
        "uu", &id, profile);
    ck_assert_int_eq(db_err(r), ERR_OK);
    bool is = db_rows(r) > 0;
    db_result_free(r);
    return is;
}

START_TEST(random_profiles_match_whom_a_second_reading_of_the_rule_matches)
{
    make_people(PEOPLE);
    struct identity who = audience_organiser();
    struct id congress = audience_id(AUDIENCE_CONGRESS);
    for (int p = 0; p < 60; p++) {
        char name[20];
        snprintf(name, sizeof name, "Profile %d", p);
        json_t *criteria = random_criteria();
        struct profile_result made = create(name, criteria);
        ck_assert_int_eq(made.outcome, PROFILE_DONE);
        int64_t expected = 0;
        for (int i = 1; i <= PEOPLE; i++) {
            ck_assert_msg(oracle(criteria, i) == stored(&made.id, i), "person %d, %s", i,
                          json_dumps(criteria, 0));
            expected += oracle(criteria, i);
        }
        struct profile_result result;
        struct profile_preview n;
        ck_assert_int_eq(profile_preview(conn, &who, &congress, &made.id, criteria, 0, &result, &n),
                         ERR_OK);
        ck_assert_int_eq(n.registered, expected);
        ck_assert_int_eq(n.gained + n.lost, 0);
        json_decref(criteria);
    }
    done();
}
END_TEST

static const char GENERAL[] = "{\"all_of\":[{\"attribute\":\"specialty\",\"codes\":[\"SM53\"]}],"
                              "\"any_of\":[],\"none_of\":[]}";
static const char NURSES[] = "{\"all_of\":[{\"attribute\":\"profession\",\"codes\":[\"60\"]}],"
                             "\"any_of\":[],\"none_of\":[]}";

START_TEST(naming_one_form_of_general_practice_matches_all_three)
{
    make();
    audience_register(url, 1, "10", "SM26", "SA07", "11", "45_54");
    audience_register(url, 2, "10", "SM53", "SA07", "11", "45_54");
    audience_register(url, 3, "10", "SM54", "SA07", "11", "45_54");
    audience_register(url, 4, "10", "SM04", "SA07", "11", "45_54");
    json_t *criteria = json_loads(GENERAL, 0, NULL);
    struct profile_result p = create("GPs", criteria);
    for (int i = 1; i <= 4; i++)
        ck_assert_int_eq(stored(&p.id, i), i != 4);
    json_decref(criteria);
    done();
}
END_TEST

START_TEST(a_registration_is_matched_alone_and_again_when_it_changes)
{
    make();
    json_t *criteria = json_loads(NURSES, 0, NULL);
    struct profile_result p = create("Nurses", criteria);
    audience_register(url, 1, "60", NULL, "SA01", "11", "45_54");
    ck_assert(!stored(&p.id, 1));
    pg_sql(url, "SELECT match_registration('00000000-0000-4000-8000-000000000001')");
    ck_assert(stored(&p.id, 1));
    pg_sql(url, "UPDATE registration SET profession = '10';"
                "SELECT match_registration('00000000-0000-4000-8000-000000000001')");
    ck_assert(!stored(&p.id, 1));
    json_decref(criteria);
    done();
}
END_TEST

START_TEST(changing_and_deleting_a_profile_recomputes_in_the_same_transaction)
{
    make();
    audience_register(url, 1, "60", NULL, "SA01", "11", "45_54");
    audience_register(url, 2, "10", "SM54", "SA01", "11", "45_54");
    struct identity who = audience_organiser();
    json_t *nurses = json_loads(NURSES, 0, NULL), *general = json_loads(GENERAL, 0, NULL);
    struct profile_result p = create("Nurses", nurses), changed;
    ck_assert(stored(&p.id, 1) && !stored(&p.id, 2));
    struct profile_input in = {.name = "GPs",
                               .goals = {[GOAL_PARTICIPATION_RATE] = 655},
                               .goal_due = "2027-03-01",
                               .criteria = general};
    ck_assert_int_eq(profile_change(conn, &who, &p.id, &in, NOW, &changed), ERR_OK);
    ck_assert(!stored(&p.id, 1) && stored(&p.id, 2));
    json_t *shown = NULL;
    ck_assert_int_eq(profile_get(conn, &who, &p.id, &shown), ERR_OK);
    ck_assert(json_equal(json_object_get(shown, "criteria"), general));
    ck_assert_double_eq_tol(json_number_value(json_object_get(shown, "goal_participation_rate")),
                            0.655, 1e-9);
    ck_assert_int_eq(json_integer_value(json_object_get(shown, "registered")), 1);
    ck_assert_int_eq(profile_delete(conn, &who, &p.id, NOW, &changed), ERR_OK);
    ck_assert_str_eq(pg_sql(url, "SELECT count(*) FROM registration_profile"), "0");
    ck_assert_str_eq(pg_sql(url, "SELECT string_agg(action, ' ' ORDER BY id) FROM audit_log"),
                     "target_profile.create target_profile.change target_profile.delete");
    json_decref(shown);
    json_decref(nurses);
    json_decref(general);
    done();
}
END_TEST

START_TEST(unknown_codes_taken_names_and_the_sixty_fifth_profile_are_refused)
{
    make();
    json_t *bad = json_loads("{\"all_of\":[{\"attribute\":\"region\",\"codes\":[\"SM04\"]}],"
                             "\"any_of\":[],\"none_of\":[]}",
                             0, NULL);
    json_t *nurses = json_loads(NURSES, 0, NULL);
    ck_assert_int_eq(create("Bad", bad).outcome, PROFILE_UNKNOWN_CODE);
    ck_assert_int_eq(create("Same", nurses).outcome, PROFILE_DONE);
    ck_assert_int_eq(create("Same", nurses).outcome, PROFILE_NAME_TAKEN);
    for (int i = 1; i < AUDIENCE_PROFILES_MAX; i++) {
        char name[20];
        snprintf(name, sizeof name, "P %d", i);
        ck_assert_int_eq(create(name, nurses).outcome, PROFILE_DONE);
    }
    ck_assert_int_eq(create("One more", nurses).outcome, PROFILE_TOO_MANY);
    ck_assert_str_eq(pg_sql(url, "SELECT count(*) FROM target_profile"), "64");
    json_decref(bad);
    json_decref(nurses);
    done();
}
END_TEST

/* all_of: in this profile */
static json_t *builds_on(const struct id *profile)
{
    char id[ID_TEXT_SIZE];
    return json_pack("{s:[{s:s,s:[s]}],s:[],s:[]}", "all_of", "attribute", "target_profile",
                     "codes", id_text(profile, id), "any_of", "none_of");
}

static enum profile_outcome change(const struct id *profile, const char *name, json_t *criteria,
                                   struct profile_result *out)
{
    struct identity who = audience_organiser();
    struct profile_input in = {.name = name, .criteria = criteria};
    ck_assert_int_eq(profile_change(conn, &who, profile, &in, NOW, out), ERR_OK);
    return out->outcome;
}

START_TEST(a_profile_follows_those_it_builds_on_and_no_circle_is_made)
{
    make();
    audience_register(url, 1, "60", NULL, "SA01", "11", "45_54");
    audience_register(url, 2, "10", "SM54", "SA01", "11", "45_54");
    struct identity who = audience_organiser();
    json_t *nurses = json_loads(NURSES, 0, NULL), *general = json_loads(GENERAL, 0, NULL);
    struct profile_result base = create("Base", nurses), r;
    json_t *on_base = builds_on(&base.id);
    struct profile_result middle = create("Middle", on_base);
    json_t *on_middle = builds_on(&middle.id);
    struct profile_result top = create("Top", on_middle);
    ck_assert(stored(&top.id, 1) && !stored(&top.id, 2));
    ck_assert_int_eq(change(&base.id, "Base", general, &r), PROFILE_DONE);
    ck_assert(!stored(&top.id, 1) && stored(&top.id, 2));
    ck_assert_int_eq(change(&base.id, "Base", on_middle, &r), PROFILE_CIRCLE);
    ck_assert_str_eq(r.names, "Base, Middle");
    json_t *on_top = builds_on(&top.id);
    ck_assert_int_eq(change(&top.id, "Top", on_top, &r), PROFILE_CIRCLE);
    ck_assert_str_eq(r.names, "Top");
    ck_assert(stored(&top.id, 2));
    ck_assert_int_eq(profile_delete(conn, &who, &base.id, NOW, &r), ERR_OK);
    ck_assert_int_eq(r.outcome, PROFILE_USED);
    ck_assert_str_eq(r.names, "Middle");
    pg_sql(url,
           "INSERT INTO congress (id, organisation_id, title, language, time_zone, created_at)"
           " VALUES ('" AUDIENCE_OTHER "', '" AUDIENCE_ORG "', 'Next', 'en', 'Europe/Paris',"
           " '2026-10-01');"
           "SELECT target_profiles_copy('" AUDIENCE_CONGRESS "', '" AUDIENCE_OTHER "', now())");
    ck_assert_str_eq(pg_sql(url,
                            "SELECT string_agg(p.name || ' on ' || b.name, ', ' ORDER BY p.name)"
                            "  FROM profile_builds_on x"
                            "  JOIN target_profile p ON p.id = x.target_profile_id"
                            "  JOIN target_profile b ON b.id = x.on_profile"
                            "   AND b.congress_id = p.congress_id"
                            " WHERE p.congress_id = '" AUDIENCE_OTHER "'"),
                     "Middle on Base, Top on Middle");
    json_decref(nurses);
    json_decref(general);
    json_decref(on_base);
    json_decref(on_middle);
    json_decref(on_top);
    done();
}
END_TEST

START_TEST(a_preview_says_whom_a_change_gains_and_loses)
{
    make();
    audience_register(url, 1, "60", NULL, "SA01", "11", "45_54");
    audience_register(url, 2, "10", "SM54", "SA01", "11", "45_54");
    audience_register(url, 3, "10", "SM54", "SA01", "11", "45_54");
    struct identity who = audience_organiser();
    struct id congress = audience_id(AUDIENCE_CONGRESS);
    json_t *nurses = json_loads(NURSES, 0, NULL), *general = json_loads(GENERAL, 0, NULL);
    struct profile_result p = create("Nurses", nurses), r;
    struct profile_preview n;
    ck_assert_int_eq(profile_preview(conn, &who, &congress, &p.id, general, 0, &r, &n), ERR_OK);
    ck_assert_int_eq(n.registered, 2);
    ck_assert_int_eq(n.gained, 2);
    ck_assert_int_eq(n.lost, 1);
    json_decref(nurses);
    json_decref(general);
    done();
}
END_TEST

START_TEST(another_organisation_finds_nothing)
{
    make();
    struct identity who = audience_stranger();
    struct id congress = audience_id(AUDIENCE_CONGRESS);
    json_t *nurses = json_loads(NURSES, 0, NULL), *out = NULL;
    struct profile_result p = create("Nurses", nurses), r;
    struct profile_input in = {.name = "Mine", .criteria = nurses};
    struct profile_preview n;
    ck_assert_int_eq(profiles_list(conn, &who, &congress, &out), ERR_NOT_FOUND);
    ck_assert_int_eq(profile_get(conn, &who, &p.id, &out), ERR_NOT_FOUND);
    ck_assert_int_eq(profile_create(conn, &who, &congress, &in, NOW, &r), ERR_NOT_FOUND);
    ck_assert_int_eq(profile_change(conn, &who, &p.id, &in, NOW, &r), ERR_NOT_FOUND);
    ck_assert_int_eq(profile_delete(conn, &who, &p.id, NOW, &r), ERR_NOT_FOUND);
    ck_assert_int_eq(profile_preview(conn, &who, &congress, &p.id, nurses, 0, &r, &n),
                     ERR_NOT_FOUND);
    json_decref(nurses);
    done();
}
END_TEST

struct late_change {
    struct db_conn *conn;
    struct profile_result made;
    enum err err;
};

static void *create_nurses(void *arg)
{
    struct late_change *late = arg;
    struct identity who = audience_organiser();
    struct id congress = audience_id(AUDIENCE_CONGRESS);
    json_t *nurses = json_loads(NURSES, 0, NULL);
    struct profile_input in = {.name = "Nurses", .criteria = nurses};
    late->err = profile_create(late->conn, &who, &congress, &in, NOW, &late->made);
    json_decref(nurses);
    return NULL;
}

static bool somebody_waits(void *arg)
{
    (void)arg;
    return !strcmp(pg_sql(url, "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname ="
                               " current_database() AND wait_event_type = 'Lock'"),
                   "t");
}

START_TEST(a_profile_made_while_somebody_registers_misses_nobody)
{
    make();
    audience_register(url, 1, "10", NULL, "SA01", "11", "45_54");
    const char *why = "";
    struct late_change late = {.conn = db_connect(url, &why)};
    ck_assert_msg(late.conn != NULL, "%s", why);
    struct id one = audience_person(1);
    pthread_t thread;
    ck_assert_int_eq(db_begin(conn), ERR_OK);
    ck_assert_int_eq(
        db_exec(conn, "UPDATE registration SET profession = '60' WHERE id = $1", "u", &one),
        ERR_OK);
    ck_assert_int_eq(db_exec(conn, "SELECT match_registration($1)", "u", &one), ERR_OK);
    ck_assert_int_eq(pthread_create(&thread, NULL, create_nurses, &late), 0);
    ck_assert(wait_for(somebody_waits, NULL, 10));
    ck_assert_int_eq(db_commit(conn), ERR_OK);
    pthread_join(thread, NULL);
    ck_assert_int_eq(late.err, ERR_OK);
    ck_assert(stored(&late.made.id, 1));
    db_disconnect(late.conn);
    done();
}
END_TEST

int main(void)
{
    pg_setup();
    return run_tests(
        "matching",
        (const TTest *const[]){random_profiles_match_whom_a_second_reading_of_the_rule_matches,
                               naming_one_form_of_general_practice_matches_all_three,
                               a_registration_is_matched_alone_and_again_when_it_changes,
                               changing_and_deleting_a_profile_recomputes_in_the_same_transaction,
                               unknown_codes_taken_names_and_the_sixty_fifth_profile_are_refused,
                               a_profile_follows_those_it_builds_on_and_no_circle_is_made,
                               a_preview_says_whom_a_change_gains_and_loses,
                               another_organisation_finds_nothing,
                               a_profile_made_while_somebody_registers_misses_nobody, NULL});
}
