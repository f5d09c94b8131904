/* The register comes in whole or not at all, as an evaluation of its lines in SQL has it, and takes
 * the place of the edition before while others read. */
#include "base/json.h"
#include "db/copy.h"
#include "db/db.h"
#include "features/registry/registry_import.h"
#include "harness/pg.h"
#include "harness/registry_file.h"
#include "unit/run.h"
#include <archive.h>
#include <archive_entry.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOW  INT64_C(4070908800000000) /* 2099: later than any file that is imported */
#define NAME "PS_LibreAcces_Personne_activite_2026112706"

static const char *url;
static char folder[64], path[128];

static void start(void)
{
    url = pg_test_database();
    snprintf(folder, sizeof folder, "/tmp/amphi-registry-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void stop(void)
{
    char command[96];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
}

static struct db_conn *connection(void)
{
    const char *why = "";
    struct db_conn *c = db_connect(url, &why);
    ck_assert_msg(c != NULL, "%s", why);
    return c;
}

/* A file of that minute, as path. */
static void write_file(struct registry_file *file, int minute)
{
    snprintf(path, sizeof path, "%s/" NAME "%02d.txt", folder, minute);
    FILE *out = fopen(path, "w");
    ck_assert_ptr_nonnull(out);
    registry_file_write(file, out);
    ck_assert_int_eq(fclose(out), 0);
}

static struct registry_import import;

static bool import_as(const char *from, bool force)
{
    struct db_conn *c = connection();
    import = (struct registry_import){.path = from, .now = NOW, .force = force, .check = true};
    bool good = registry_import(c, &import);
    db_disconnect(c);
    return good;
}

static void must_import(const char *from)
{
    ck_assert_msg(import_as(from, false), "%s", import.why);
}

static void must_refuse(const char *from, const char *part)
{
    char before[32];
    snprintf(before, sizeof before, "%s",
             pg_sql(url, "SELECT max(id) FROM registry_edition WHERE current"));
    ck_assert(!import_as(from, false));
    ck_assert_msg(strstr(import.why, part) != NULL, "%s", import.why);
    ck_assert_str_eq(pg_sql(url, "SELECT max(id) FROM registry_edition WHERE current"), before);
    ck_assert_str_eq(pg_sql(url, "SELECT count(*) FROM registry_editions_old()"), "0");
}

/* --- the same in SQL --- */

/* Lines that are text at all. */
static void load_lines(void)
{
    char line[4096];
    struct buf rows;
    buf_init(&rows, 1 << 24);
    struct copy_rows copy = {.out = &rows};
    FILE *in = fopen(path, "r");
    for (int64_t n = 1; fgets(line, sizeof line, in); n++) {
        line[strcspn(line, "\r\n")] = '\0';
        if (n == 1 || !utf8_valid(line, strlen(line)))
            continue;
        copy_int(&copy, n);
        copy_text(&copy, line);
        copy_end_row(&copy);
    }
    fclose(in);
    pg_sql(url, "DROP TABLE IF EXISTS raw; CREATE TABLE raw (n bigint, line text)");
    struct db_conn *c = connection();
    ck_assert_int_eq(db_copy_begin(c, "COPY raw FROM STDIN"), ERR_OK);
    ck_assert_int_eq(db_copy_put(c, rows.data, rows.len), ERR_OK);
    ck_assert_int_eq(db_copy_end(c, ERR_OK), ERR_OK);
    db_disconnect(c);
    buf_release(&rows);
}

/* Columns of the layout of 56, 1-based. The order of the main activity as registry_person.h says
 * it. */
static const char evaluate[] =
    "CREATE TEMP TABLE good AS SELECT n, c, c[2] AS id,"
    "    coalesce(substring(c[37] FROM '^(9[78].|..)'), '') AS department"
    "  FROM (SELECT n, string_to_array(line, '|') AS c FROM raw) s"
    " WHERE cardinality(c) = 57 AND (c[1] = '8' AND c[2] ~ '^[1-9][0-9]{10}$' AND"
    "       (SELECT sum(CASE WHEN i % 2 = 1 THEN d WHEN d > 4 THEN 2 * d - 9 ELSE 2 * d END) % 10"
    "          FROM (SELECT i, substr(c[2], 12 - i, 1)::int AS d"
    "                  FROM generate_series(1, 11) i) x) = 0"
    "    OR c[1] = '0' AND c[2] ~ '^[0-9][0-9AB][0-9]{7}$');"
    "UPDATE good SET department = CASE WHEN c[36] LIKE '20%'"
    "    THEN CASE WHEN c[36] < '202' THEN '2A' ELSE '2B' END"
    "    ELSE coalesce(substring(c[36] FROM '^(9[78].|..)'), '') END WHERE department = '';"
    "CREATE TEMP TABLE set_of AS SELECT id, string_agg(DISTINCT nullif(c[14], ''), ',') AS skills,"
    "    string_agg(DISTINCT nullif(c[49], ''), ',') AS settings FROM good GROUP BY id;"
    "CREATE TEMP TABLE expected (id, a, b, c, d, e, f, g, h, i, j, k, l) AS"
    " SELECT DISTINCT ON (id) id, c[8], c[9], c[10], c[12],"
    "    CASE WHEN c[14] = 'S' THEN c[16] ELSE '' END, c[14], c[18], c[49], department, c[36],"
    "    skills, settings"
    "  FROM good JOIN set_of USING (id)"
    " ORDER BY id, CASE c[12] WHEN 'C' THEN 1 WHEN 'M' THEN 2 WHEN 'E' THEN 4 ELSE 3 END,"
    "    CASE WHEN c[14] = 'S' THEN 1 WHEN c[14] <> '' THEN 2 ELSE 3 END,"
    "    CASE c[18] WHEN 'L' THEN 1 WHEN 'S' THEN 2 WHEN 'B' THEN 3 ELSE 4 END,"
    "    c[49] = '', department = '', n;"
    "CREATE TEMP TABLE found (id, a, b, c, d, e, f, g, h, i, j, k, l) AS"
    " SELECT rpps, last_name, first_name, profession, coalesce(professional_category, ''),"
    "    coalesce(specialty, ''), coalesce(skill_type, ''), coalesce(practice_mode, ''),"
    "    coalesce(practice_setting, ''), coalesce(department, ''), coalesce(postcode, ''),"
    "    nullif(array_to_string(skill_types, ','), ''),"
    "    nullif(array_to_string(practice_settings, ','), '')"
    "  FROM registry_person;"
    "SELECT (SELECT count(*) FROM (TABLE expected EXCEPT TABLE found) x) || ' missing, '"
    "    || (SELECT count(*) FROM (TABLE found EXCEPT TABLE expected) x) || ' wrong of '"
    "    || (SELECT count(*) FROM expected)";

START_TEST(people_are_what_an_evaluation_in_sql_makes_of_the_lines)
{
    start();
    for (int seed = 1; seed <= 3; seed++) {
        struct registry_file file = {
            .seed = (uint64_t)seed * 7919, .lines = 1000, .faulty = 2000, .apart = 400};
        char expected[64];
        file.crlf = seed == 2;
        file.mark = seed == 3;
        write_file(&file, seed);
        must_import(path);
        ck_assert_int_eq(import.edition.lines, file.made);
        ck_assert_int_eq(import.edition.refused, file.bad);
        ck_assert_int_eq(import.edition.persons, file.persons);
        load_lines();
        snprintf(expected, sizeof expected, "0 missing, 0 wrong of %lld", (long long)file.persons);
        ck_assert_str_eq(pg_sql(url, evaluate), expected);
    }
    ck_assert_str_eq(pg_sql(url, "SELECT count(DISTINCT region) > 15 AND bool_and((region IS NULL) "
                                 "= (department IS NULL))"
                                 " FROM registry_person"),
                     "t");
    ck_assert_str_eq(
        pg_sql(url, "SELECT count(*) FILTER (WHERE length(rpps) = 9) > 5 FROM registry_person"),
        "t");
    stop();
}
END_TEST

/* The same people from the file of each year. */
START_TEST(layouts_of_other_years_say_the_same)
{
    start();
    char sum[64] = "";
    for (int layout = LAYOUT_56; layout <= LAYOUT_50; layout++) {
        struct registry_file file = {
            .seed = 5, .lines = 1000, .layout = (enum registry_layout)layout};
        file.no_last_bar = layout == LAYOUT_55;
        write_file(&file, layout);
        must_import(path);
        ck_assert_int_eq(import.edition.refused, 0);
        const char *is = pg_sql(
            url, "SELECT md5(string_agg((p.*)::text, '' ORDER BY rpps)) FROM registry_person p");
        ck_assert_msg(!sum[0] || strcmp(is, sum) == 0, "layout %d differs", layout);
        snprintf(sum, sizeof sum, "%s", is);
    }
    struct registry_file file = {.seed = 5, .lines = 1000, .layout = LAYOUT_NO_SKILLS};
    write_file(&file, 30);
    must_import(path);
    ck_assert(import.without_specialties);
    ck_assert_str_eq(pg_sql(url, "SELECT count(specialty) FROM registry_person"), "0");
    stop();
}
END_TEST

/* --- archives --- */

static void add_entry(struct archive *zip, const char *name, const char *bytes, size_t len)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (la_int64_t)len);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, 1795000000, 0);
    ck_assert_int_eq(archive_write_header(zip, entry), ARCHIVE_OK);
    ck_assert_int_eq(archive_write_data(zip, bytes, len), (la_ssize_t)len);
    archive_entry_free(entry);
}

/* Beside the wanted file another one. */
static size_t write_zip(const char *to, const char *name, const char *bytes, size_t len)
{
    struct archive *zip = archive_write_new();
    archive_write_set_format_zip(zip);
    ck_assert_int_eq(archive_write_open_filename(zip, to), ARCHIVE_OK);
    add_entry(zip, "PS_LibreAcces_Dipl_AutExerc_202611270730.txt", "x|y|\n1|2|\n", 10);
    add_entry(zip, name, bytes, len);
    ck_assert_int_eq(archive_write_close(zip), ARCHIVE_OK);
    archive_write_free(zip);
    return len;
}

static char *read_whole(const char *from, size_t *len)
{
    struct buf b;
    buf_init(&b, 1 << 26);
    ck_assert(buf_add_file(&b, from));
    return buf_detach(&b, len);
}

START_TEST(an_archive_gives_the_file_that_is_in_it)
{
    start();
    size_t len, zip_len;
    char zip[128];
    struct registry_file file = {.seed = 9, .lines = 2000};
    write_file(&file, 40);
    char *text = read_whole(path, &len);
    snprintf(zip, sizeof zip, "%s/ps.zip", folder);
    write_zip(zip, NAME "41.txt", text, len);
    must_import(zip);
    ck_assert_int_eq(import.edition.persons, file.persons);
    ck_assert_str_eq(import.edition.source_file, NAME "41.txt");
    ck_assert_str_eq(pg_sql(url, "SELECT data_at FROM registry_edition WHERE current"),
                     "2026-11-27 05:41:00+00");
    /* cut, as a download that broke off */
    char *bytes = read_whole(zip, &zip_len);
    FILE *out = fopen(zip, "w");
    fwrite(bytes, 1, zip_len / 2, out);
    fclose(out);
    must_refuse(zip, "it is broken");
    write_zip(zip, "other.txt", text, len);
    must_refuse(zip, "has no file Personne_activite");
    free(bytes);
    free(text);
    stop();
}
END_TEST

START_TEST(a_bomb_costs_nothing)
{
    start();
    size_t len = 64 << 20;
    char zip[128], *zeros = calloc(1, len);
    memset(zeros, 'a', len);
    snprintf(zip, sizeof zip, "%s/bomb.zip", folder);
    write_zip(zip, NAME "00.txt", zeros, len);
    free(zeros);
    must_refuse(zip, "its first line does not end");
    stop();
}
END_TEST

START_TEST(what_would_be_a_loss_is_refused_unless_forced)
{
    start();
    struct registry_file file = {.seed = 3, .lines = 1000}, few = {.seed = 4, .lines = 500},
                         bad = {.seed = 5, .lines = 1000, .faulty = 30000};
    write_file(&file, 20);
    must_import(path);
    write_file(&file, 10);
    must_refuse(path, "it is of 2026-11-27");
    write_file(&few, 21);
    must_refuse(path, "people, and the register here");
    write_file(&bad, 22);
    must_refuse(path, "lines are refused");
    ck_assert_int_gt(import.refused[REGISTRY_ENCODING], 0);
    must_refuse(folder, "it is a folder");
    must_refuse("/nowhere", "it cannot be read");
    must_refuse("/dev/null", "it is empty");
    must_refuse("tests/integration/registry_import_test.c", "no extraction of the register");
    write_file(&few, 11);
    ck_assert(import_as(path, true));
    ck_assert_int_eq(import.edition.persons, few.persons);
    stop();
}
END_TEST

/* --- others read --- */

static void *import_beside(void *arg)
{
    (void)arg;
    must_import(path);
    return NULL;
}

#define PARTITIONS                                                                                 \
    "SELECT count(*) FROM pg_inherits WHERE inhparent = 'registry_edition_person'::regclass"

/* Each answer is one edition or the other, at once. */
static int64_t count_either(struct db_conn *c, int64_t first, int64_t second)
{
    int64_t n = -1;
    ck_assert_int_eq(db_read_int(c, &n, "SELECT count(*) FROM registry_person", ""), ERR_OK);
    ck_assert_msg(n == first || n == second, "%lld people", (long long)n);
    return n;
}

START_TEST(readers_of_the_edition_before_go_on_and_nobody_waits)
{
    start();
    pthread_t thread;
    struct registry_file first = {.seed = 11, .lines = 1500}, second = {.seed = 12, .lines = 1900};
    write_file(&first, 1);
    must_import(path);
    write_file(&second, 2);
    struct db_conn *reader = connection(), *other = connection();
    int64_t n = 0;
    ck_assert_int_eq(db_set_timeout(other, 20000), ERR_OK);
    ck_assert_int_eq(db_begin(reader), ERR_OK);
    ck_assert_int_eq(db_exec(reader, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", ""),
                     ERR_OK);
    ck_assert_int_eq(db_read_int(reader, &n, "SELECT count(*) FROM registry_person", ""), ERR_OK);
    ck_assert_int_eq(n, first.persons);
    ck_assert_int_eq(pthread_create(&thread, NULL, import_beside, NULL), 0);
    while (strcmp(pg_sql(url, PARTITIONS), "2") != 0)
        count_either(other, first.persons, second.persons);
    ck_assert_int_eq(db_read_int(reader, &n, "SELECT count(*) FROM registry_person", ""), ERR_OK);
    ck_assert_int_eq(n, first.persons);
    ck_assert_int_eq(db_end(reader, ERR_OK), ERR_OK);
    while (count_either(other, first.persons, second.persons) != second.persons)
        ;
    pthread_join(thread, NULL);
    ck_assert_str_eq(pg_sql(url, PARTITIONS), "1");
    ck_assert_str_eq(pg_sql(url, "SELECT count(*) FROM registry_editions_old()"), "0");
    db_disconnect(reader);
    db_disconnect(other);
    stop();
}
END_TEST

START_TEST(two_imports_at_once_are_one)
{
    start();
    struct registry_file file = {.seed = 13, .lines = 200};
    write_file(&file, 1);
    struct db_conn *other = connection();
    ck_assert_int_eq(registry_edition_lock(other), ERR_OK);
    must_refuse(path, "another import is under way");
    db_disconnect(other);
    must_import(path);
    stop();
}
END_TEST

int main(void)
{
    pg_setup();
    return run_tests("registry_import",
                     (const TTest *const[]){people_are_what_an_evaluation_in_sql_makes_of_the_lines,
                                            layouts_of_other_years_say_the_same,
                                            an_archive_gives_the_file_that_is_in_it,
                                            a_bomb_costs_nothing,
                                            what_would_be_a_loss_is_refused_unless_forced,
                                            readers_of_the_edition_before_go_on_and_nobody_waits,
                                            two_imports_at_once_are_one, NULL});
}
