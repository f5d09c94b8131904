/* Finding people by what is typed: neither case, accents, ligatures, apostrophes nor order count.
 */
#include "integration/registration_calls.h"

/* Somebody who registered, written past the form. */
static void registered(const char *first, const char *last, const char *email)
{
    struct id id;
    ck_assert(id_parse(congress_id, &id));
    ck_assert_int_eq(
        db_exec(rest.conn,
                "WITH h AS (INSERT INTO hcp (organisation_id, email, first_name, last_name,"
                "                            created_at)"
                "           SELECT organisation_id, $4, $2, $3, now() FROM congress WHERE id = $1"
                "           RETURNING id)"
                "INSERT INTO registration (organisation_id, congress_id, hcp_id, link_id, channel,"
                " language, state, profession, practice_setting, region, age_band, registered_at)"
                " SELECT l.organisation_id, l.congress_id, h.id, l.id, 'email', 'fr',"
                "        'registered', '10', 'SA07', '11', '45_54', now()"
                "   FROM registration_link l, h WHERE l.congress_id = $1",
                "usss", &id, first, last, email),
        ERR_OK);
}

/* The address of the only one found; "" for none, "several". */
static const char *found_by(const char *typed)
{
    static char email[256];
    char path[512];
    snprintf(path, sizeof path, "/api/congresses/%s/registrations?q=%s", congress_id, typed);
    json_t *found = must(200, "GET", path, NULL);
    json_t *items = json_object_get(found, "items");
    size_t n = json_array_size(items);
    snprintf(email, sizeof email, "%s",
             n == 0   ? ""
             : n == 1 ? rest_text(json_array_get(items, 0), "email")
                      : "several");
    json_decref(found);
    return email;
}

static const struct {
    const char *first, *last, *email;
    const char *typed[8];
} people[] = {
    {"José",
     "Díaz",
     "p1@a.test",
     {"diaz", "DIAZ", "díaz jose",
      "Di\xcc\x81"
      "az",
      "dia"}},
    {"Anne",
     "Lefe\xcc\x80vre",
     "p2@a.test",
     {"lefevre", "Lefèvre", "lefèvre ANNE", "LEFE\xcc\x80VRE"}},
    {"Éloïse",
     "d’Aubigné",
     "p3@a.test",
     {"d'aubigne", "D’Aubigné", "daubigne", "aubigne", "dʼaubigné"}},
    {"Jean-Luc",
     "O'Connor",
     "p4@a.test",
     {"jean luc", "jeanluc", "o’connor", "oconnor", "connor jean‑luc"}},
    {"Chloé", "Œuvrard", "p5@a.test", {"oeuvrard", "ŒUVRARD", "œuvrard chloe", "OEUVRARD"}},
    {"Jürgen", "Groß", "p6@a.test", {"gross", "GROSS", "jurgen", "GROẞ", "Groß"}},
    {"Łukasz", "Sørensen", "p7@a.test", {"lukasz", "sorensen", "SØRENSEN łukasz"}},
    {"Nguyễn Thị", "Đặng", "p8@a.test", {"nguyen", "dang thi", "ĐẶNG", "đặng"}},
    {"İpek", "Yıldız", "p9@a.test", {"ipek", "yildiz", "YILDIZ", "yıldız İPEK"}},
    {"Алёна", "Королёва", "p10@a.test", {"алена", "КОРОЛЕВА", "королёва алёна"}},
    {"Νίκος", "Παπαδόπουλος", "p11@a.test", {"νικος", "ΠΑΠΑΔΟΠΟΥΛΟΣ", "παπαδοπουλος νίκος"}},
    {"أحمد", "منصور", "p12@a.test", {"احمد", "منصور أحمد"}},
    {"美咲", "山田", "p13@a.test", {"山田", "美咲 山田"}},
    {"Zoe",
     "van der Berg",
     "zoe_b@mail.test",
     {"berg van", "zoe_b@mail.test", "<zoe_b@mail.test>", "ZOE_B",
      "Zoe van der Berg <zoe_b@mail.test>",
      "\xef\xbb\xbf"
      "zoe\xe2\x80\x8b_b",
      "berg, zoe"}},
    {"Bjo\xcc\x88rn", "Fiﬁ", "p15@a.test", {"björn", "bjorn fifi", "ＢＪＯＲＮ"}},
};

START_TEST(people_are_found_however_their_names_are_typed)
{
    open_page(100);
    for (size_t i = 0; i < sizeof people / sizeof *people; i++)
        registered(people[i].first, people[i].last, people[i].email);
    for (size_t i = 0; i < sizeof people / sizeof *people; i++)
        for (const char *const *typed = people[i].typed; *typed; typed++)
            ck_assert_msg(strcmp(found_by(*typed), people[i].email) == 0, "%s: %s instead of %s",
                          *typed, found_by(*typed), people[i].email);
    static const char *const nobody[] = {"diaz anne", "%", "_c", "\\", "gros1", "xyz"};
    for (size_t i = 0; i < sizeof nobody / sizeof *nobody; i++)
        ck_assert_msg(strcmp(found_by(nobody[i]), "") == 0, "%s: %s", nobody[i],
                      found_by(nobody[i]));
    ck_assert_str_eq(found_by(" - "), "several"); /* nothing to look for */
    rest_close();
}
END_TEST

START_TEST(who_was_erased_or_renamed_is_not_found_by_the_former_name)
{
    open_page(10);
    registered("Anne", "Martin", "anne@a.test");
    ck_assert_str_eq(found_by("martin"), "anne@a.test");
    pg_sql(rest.url, "UPDATE hcp SET last_name = 'Lefèvre'");
    ck_assert_str_eq(found_by("martin"), "");
    ck_assert_str_eq(found_by("lefevre"), "anne@a.test");
    pg_sql(rest.url, "UPDATE hcp SET first_name = '', last_name = '', email = NULL,"
                     " erased_at = now()");
    ck_assert_str_eq(found_by("lefevre"), "");
    ck_assert_str_eq(value("SELECT row_to_json(h)::text ILIKE '%lefevre%' FROM hcp h"), "f");
    rest_close();
}
END_TEST

REST_TESTS("registration_search", people_are_found_however_their_names_are_typed,
           who_was_erased_or_renamed_is_not_found_by_the_former_name)
