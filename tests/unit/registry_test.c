/* The lines of the French register as people: what varies from file to file, which activity is the
 * main one. */
#include "features/registry/registry_archive.h"
#include "features/registry/registry_reader.h"
#include "unit/run.h"
#include <stdio.h>
#include <string.h>

#define TODAY                                                                                      \
    "Type d'identifiant PP|Identifiant PP|Identification nationale PP|Nom d'exercice|"             \
    "Prénom d'exercice|Code profession|Code catégorie professionnelle|Code type savoir-faire|"   \
    "Code savoir-faire|Code mode exercice|Code postal (coord. structure)|"                         \
    "Code commune (coord. structure)|Code Département (structure)|Code secteur d'activité|"
#define ANNE "8|10000001916|810000001916|MARTIN|ANNE|"

static struct registry_person people[8];
static size_t n;
static struct registry_reader reader;

static enum err take(void *arg, const struct registry_person *person)
{
    (void)arg;
    ck_assert_uint_lt(n, 8);
    people[n++] = *person;
    return ERR_OK;
}

/* In pieces of so many bytes. */
static enum err read_in(const char *text, size_t len, size_t piece)
{
    enum err err = ERR_OK;
    n = 0;
    registry_reader_release(&reader);
    registry_reader_init(&reader, take, NULL, true);
    for (size_t at = 0; at < len && !err; at += piece)
        err = registry_reader_feed(&reader, text + at, len - at < piece ? len - at : piece);
    return err ? err : registry_reader_end(&reader);
}

static enum err read_text(const char *text)
{
    return read_in(text, strlen(text), strlen(text));
}

static enum registry_fault fault_of(const char *line)
{
    char text[2048];
    snprintf(text, sizeof text, TODAY "\n%s\n", line);
    ck_assert_int_eq(read_text(text), ERR_OK);
    for (int fault = 1; fault < REGISTRY_FAULTS; fault++)
        if (reader.refused[fault]) {
            ck_assert_int_eq(reader.first[fault], 2);
            return (enum registry_fault)fault;
        }
    ck_assert_uint_eq(n, 1);
    return REGISTRY_GOOD;
}

START_TEST(a_line_is_a_person)
{
    ck_assert_int_eq(fault_of(ANNE "10|C|S|SM04|S|29200|29019||SA01|"), REGISTRY_GOOD);
    const struct registry_person *p = people;
    ck_assert_str_eq(p->rpps, "10000001916");
    ck_assert_str_eq(p->last_name, "MARTIN");
    ck_assert_str_eq(p->first_name, "ANNE");
    ck_assert_str_eq(p->profession, "10");
    ck_assert_str_eq(p->specialty, "SM04");
    ck_assert_str_eq(p->skill_type, "S");
    ck_assert_str_eq(p->mode, "S");
    ck_assert_str_eq(p->setting, "SA01");
    ck_assert_str_eq(p->category, "C");
    ck_assert_str_eq(p->department, "29");
    ck_assert_str_eq(p->region, "53");
    ck_assert_str_eq(p->postcode, "29200");
}
END_TEST

/* Columns by name: another order, other spellings, fewer of them, with and without the last bar. */
START_TEST(columns_are_found_by_their_names)
{
    ck_assert_int_eq(
        read_text("\xef\xbb\xbfNOM D'EXERCICE|PRENOM D’EXERCICE|Code Commune Structure|"
                  "Identifiant PP|code profession|Code Secteur d'Activite (Structure)\r\n"
                  "LE GALL|LOÏC|2A004|10000001916|60|SA07\r\n"),
        ERR_OK);
    ck_assert_uint_eq(n, 1);
    ck_assert_str_eq(people[0].last_name, "LE GALL");
    ck_assert_str_eq(people[0].department, "2A");
    ck_assert_str_eq(people[0].setting, "SA07");
    ck_assert_str_eq(people[0].specialty, "");
    ck_assert(!reader.header.found[COLUMN_SKILL]);
}
END_TEST

START_TEST(what_is_no_extraction_is_refused_as_a_whole)
{
    ck_assert_int_eq(read_text("a;b;c\n1;2;3\n"), ERR_INVALID);
    ck_assert_ptr_nonnull(strstr(reader.why, "identifiantpp"));
    ck_assert_int_eq(read_text(TODAY "Nom d'exercice\n"), ERR_INVALID);
    ck_assert_ptr_nonnull(strstr(reader.why, "two columns"));
    ck_assert_int_eq(read_text("Pr\xe9nom d'exercice|\n"), ERR_INVALID);
    ck_assert_int_eq(read_in("", 0, 1), ERR_INVALID);
    char endless[REGISTRY_LINE_MAX + 10];
    memset(endless, 'a', sizeof endless);
    ck_assert_int_eq(read_in(endless, sizeof endless, 1000), ERR_INVALID);
    ck_assert_ptr_nonnull(strstr(reader.why, "does not end"));
}
END_TEST

START_TEST(a_bad_line_is_refused_for_what_is_wrong)
{
    ck_assert_int_eq(fault_of(ANNE "10|C|||||||SA01"), REGISTRY_GOOD); /* no last bar */
    ck_assert_int_eq(fault_of(ANNE "10|C|||||||SA01|x|"), REGISTRY_COLUMN_COUNT);
    ck_assert_int_eq(fault_of(ANNE "10|C|||"), REGISTRY_COLUMN_COUNT);
    ck_assert_int_eq(fault_of("3|10000001916||MARTIN|ANNE|10|C||||||||"), REGISTRY_KIND);
    ck_assert_int_eq(fault_of("0|10000001916||MARTIN|ANNE|10|C||||||||"), REGISTRY_IDENTIFIER);
    ck_assert_int_eq(fault_of("8|699300018||MARTIN|ANNE|10|C||||||||"), REGISTRY_IDENTIFIER);
    ck_assert_int_eq(fault_of("0|699300018||MARTIN|ANNE|91|C||||||||"), REGISTRY_GOOD);
    ck_assert_int_eq(fault_of("8|X||MARTIN|ANNE|10|C||||||||"), REGISTRY_IDENTIFIER);
    ck_assert_int_eq(fault_of("8|10000001917||MARTIN|ANNE|10|C||||||||"), REGISTRY_CHECK_DIGIT);
    ck_assert_int_eq(fault_of("8|10000001916|| |ANNE|10|C||||||||"), REGISTRY_NAME);
    ck_assert_int_eq(fault_of("8|10000001916||MARTIN|ANNE||C||||||||"), REGISTRY_PROFESSION);
    ck_assert_int_eq(fault_of("8|10000001916||MART\xc9|ANNE|10|C||||||||"), REGISTRY_ENCODING);
    ck_assert_int_eq(fault_of("8|10000001916||MA\tN|ANNE|10|C||||||||"), REGISTRY_NAME);
}
END_TEST

START_TEST(a_line_that_is_too_long_costs_only_itself)
{
    static char text[3 * REGISTRY_LINE_MAX];
    size_t len = (size_t)sprintf(text, TODAY "\n" ANNE "10|C||||||||\n8|");
    memset(text + len, '1', REGISTRY_LINE_MAX + 500);
    len += REGISTRY_LINE_MAX + 500;
    len += (size_t)sprintf(text + len, "\n0|699300018||LE GALL|LOÏC|91|C||||||||");
    for (size_t piece = 1000; piece <= len; piece = piece * 3) {
        ck_assert_int_eq(read_in(text, len, piece), ERR_OK);
        ck_assert_uint_eq(n, 2);
        ck_assert_int_eq(reader.lines, 3);
        ck_assert_int_eq(reader.refused[REGISTRY_TOO_LONG], 1);
        ck_assert_int_eq(reader.first[REGISTRY_TOO_LONG], 3);
    }
}
END_TEST

static const char several[] = TODAY "\n" ANNE "10|E|||S|||||\n" /* studies */
    ANNE "10|C|CAPA|CAPA03|L|75014|75114||SA07|\n"              /* another skill */
    ANNE "10|C|S|SM04|S|29200|29019||SA01|\n"                   /* employed */
    ANNE "10|C|S|SM04|L|97110|97120||SA08|\n"                   /* the main one */
    ANNE "10|C|S|SM54|L|35000|35238||SA08|\n"                   /* later */
                                    "0|699300018||LE GALL|LOÏC|91|C||||||||\n";

START_TEST(lines_of_a_person_fold_into_one_with_the_main_activity)
{
    ck_assert_int_eq(read_text(several), ERR_OK);
    ck_assert_uint_eq(n, 2);
    const struct registry_person *p = people;
    ck_assert_str_eq(p->specialty, "SM04");
    ck_assert_str_eq(p->mode, "L");
    ck_assert_str_eq(p->setting, "SA08");
    ck_assert_str_eq(p->department, "971");
    ck_assert_str_eq(p->region, "01");
    ck_assert_uint_eq(p->skill_types.n, 2);
    ck_assert_str_eq(p->skill_types.codes[0], "CAPA");
    ck_assert_str_eq(p->skill_types.codes[1], "S");
    ck_assert_uint_eq(p->settings.n, 3);
    ck_assert_str_eq(p->settings.codes[2], "SA08");
    ck_assert_str_eq(people[1].last_name, "LE GALL");
}
END_TEST

START_TEST(pieces_of_any_size_give_the_same)
{
    struct registry_person whole[2];
    ck_assert_int_eq(read_text(several), ERR_OK);
    memcpy(whole, people, sizeof whole);
    for (size_t piece = 1; piece < 300; piece++) {
        ck_assert_int_eq(read_in(several, strlen(several), piece), ERR_OK);
        ck_assert_uint_eq(n, 2);
        for (size_t i = 0; i < 2; i++) {
            ck_assert_str_eq(people[i].rpps, whole[i].rpps);
            ck_assert_uint_eq(people[i].rank, whole[i].rank);
            ck_assert_uint_eq(people[i].settings.n, whole[i].settings.n);
        }
    }
}
END_TEST

static const char *department(const char *commune, const char *column, const char *postcode)
{
    static char out[REGISTRY_CODE_SIZE];
    registry_department(commune, column, postcode, out);
    return out;
}

START_TEST(a_place_has_its_department_and_its_region)
{
    ck_assert_str_eq(department("75114", "", ""), "75");
    ck_assert_str_eq(department("2A004", "", ""), "2A");
    ck_assert_str_eq(department("2B033", "", "20200"), "2B");
    ck_assert_str_eq(department("97411", "", ""), "974");
    ck_assert_str_eq(department("01053", "", ""), "01");
    ck_assert_str_eq(department("", "", "20090"), "2A");
    ck_assert_str_eq(department("", "", "20200"), "2B");
    ck_assert_str_eq(department("", "", "97200"), "972");
    ck_assert_str_eq(department("", "1", ""), "01");
    ck_assert_str_eq(department("", "075", ""), "75");
    ck_assert_str_eq(department("", "2A", "75001"), "2A");
    ck_assert_str_eq(department("", "", "1000"), ""); /* Brussels */
    ck_assert_str_eq(department("98818", "", "98800"), "988");
    ck_assert_str_eq(department("", "", "98000"), ""); /* Monaco */
    ck_assert_str_eq(department("", "ABCDE", ""), "");
    ck_assert_str_eq(registry_region("2B"), "94");
    ck_assert_str_eq(registry_region("976"), "06");
    ck_assert_str_eq(registry_region("987"), "987");
    ck_assert_str_eq(registry_region("20"), "");
    ck_assert_str_eq(registry_region("7"), "");
    ck_assert_str_eq(registry_region(""), "");
    ck_assert_str_eq(registry_region("5 7"), "");
}
END_TEST

START_TEST(a_files_name_says_its_date)
{
    ck_assert_int_eq(registry_name_at("PS_LibreAcces_Personne_activite_202611270731.txt"),
                     1795761060);
    ck_assert_int_eq(registry_name_at("PS_LibreAcces_20261127.zip"), 1795734000 - 0);
    ck_assert_int_eq(registry_name_at("ps-libreacces-personne-activite.txt"), 0);
    ck_assert_int_eq(registry_name_at("x_202613270731.txt"), 0);
    ck_assert_int_eq(registry_name_at("x_202602300731.txt"), 0);
}
END_TEST

RUN_TESTS("registry", a_line_is_a_person, columns_are_found_by_their_names,
          what_is_no_extraction_is_refused_as_a_whole, a_bad_line_is_refused_for_what_is_wrong,
          a_line_that_is_too_long_costs_only_itself,
          lines_of_a_person_fold_into_one_with_the_main_activity, pieces_of_any_size_give_the_same,
          a_place_has_its_department_and_its_region, a_files_name_says_its_date)
