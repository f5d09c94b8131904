/* What is removed leaves the disk, what is referred to never does, and an organisation takes no
 * more than it may. */
#include "db/query.h"
#include "features/slides/slides_jobs.h"
#include "integration/slides_calls.h"
#include "storage/storage.h"
#include <errno.h>
#include <stdatomic.h>

static void count_blob(void *arg, const uint8_t hash[static BLOB_HASH_SIZE])
{
    (void)hash;
    ++*(int *)arg;
}

static int blobs(void)
{
    int n = 0;
    for (int shelf = 0; shelf < BLOB_SHELVES; shelf++)
        blob_list(rest.app.blobs, (uint8_t)shelf, count_blob, &n);
    return n;
}

static void send_deck(char id[37], const char *name, const char *pdf, size_t len)
{
    json_t *deck = upload(olga, 201, "application/pdf", name, pdf, len);
    snprintf(id, 37, "%s", rest_text(deck, "id"));
    json_decref(deck);
}

static void remove_deck(const char *deck)
{
    char one[64];
    snprintf(one, sizeof one, "/api/decks/%s", deck);
    ck_assert_int_eq(rest_status(olga, "DELETE", one, NULL), 204);
}

START_TEST(a_removed_deck_gives_back_what_no_other_deck_has)
{
    open_rest();
    char pdf[4096], other_pdf[4096], deck[37], same[37], other[37];
    size_t len = write_pdf(pdf, sizeof pdf, 3), other_len = write_pdf(other_pdf, sizeof pdf, 1);
    start_rendering();
    send_deck(deck, "a.pdf", pdf, len);
    send_deck(same, "b.pdf", pdf, len);
    send_deck(other, "c.pdf", other_pdf, other_len); /* its page is the first page of the others */
    rest_until("SELECT count(*) = 3 FROM deck WHERE state = 'ready'", false);
    ck_assert_int_eq(blobs(), 2 + 9);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT bool_and(image_bytes = (SELECT sum(bytes)"
                                      " FROM slide_image WHERE deck_id = id)) FROM deck"),
                     "t");
    remove_deck(deck);
    rest_until("SELECT count(*) = 0 FROM job WHERE kind <> 'mails.send'", false);
    ck_assert_int_eq(blobs(), 2 + 9);
    remove_deck(same);
    rest_until("SELECT count(*) = 0 FROM job WHERE kind <> 'mails.send'", false);
    ck_assert_int_eq(blobs(), 1 + 3);
    char image[96];
    snprintf(image, sizeof image, "/api/decks/%s/pages/1/480", other);
    ck_assert_int_eq(rest_status(olga, "GET", image, NULL), 200);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(DISTINCT deck_id) || ' ' || count(*)"
                                      " FROM slide"),
                     "1 1"); /* nor is anything kept of what it said */
    remove_deck(other);
    rest_until("SELECT count(*) = 0 FROM job WHERE kind <> 'mails.send'", false);
    ck_assert_int_eq(blobs(), 0);
    rest_close();
}
END_TEST

/* As when the server was killed between a file and its row, or a deck was removed by a release that
 * kept the files. */
START_TEST(a_sweep_removes_what_nothing_refers_to)
{
    open_rest();
    char deck[37], removed[37];
    uint8_t hash[BLOB_HASH_SIZE];
    int shelf = 0;
    add_deck(deck);
    ck_assert_int_eq(blob_put(rest.app.blobs, "lost", 4, hash), ERR_OK);
    ck_assert_int_eq(storage_sweep(rest.conn, rest.app.blobs, &rest.clock, &shelf), ERR_OK);
    ck_assert_int_eq(shelf, BLOB_SHELVES);
    ck_assert_int_eq(blobs(), 1);
    ck_assert_int_eq(blob_open(rest.app.blobs, hash), -1);
    add_deck(removed);
    char sql[128];
    snprintf(sql, sizeof sql, "UPDATE deck SET removed_at = created_at WHERE id = '%s'", removed);
    pg_sql(rest.url, sql);
    shelf = 0;
    ck_assert_int_eq(storage_sweep(rest.conn, rest.app.blobs, &rest.clock, &shelf), ERR_OK);
    ck_assert_int_eq(blobs(), 1); /* the same image is the other deck's */
    snprintf(sql, sizeof sql, "UPDATE deck SET removed_at = created_at WHERE id = '%s'", deck);
    pg_sql(rest.url, sql);
    shelf = 0;
    ck_assert_int_eq(storage_sweep(rest.conn, rest.app.blobs, &rest.clock, &shelf), ERR_OK);
    ck_assert_int_eq(blobs(), 0);
    rest_close();
}
END_TEST

START_TEST(who_is_about_to_refer_to_a_file_holds_it)
{
    open_rest();
    const char *why;
    struct db_conn *writer = db_connect(rest.url, &why);
    blob_hash hash;
    ck_assert_int_eq(blob_put(rest.app.blobs, "soon", 4, hash), ERR_OK);
    ck_assert_int_eq(db_begin(writer), ERR_OK);
    ck_assert_int_eq(storage_hold(writer, &hash, 1), ERR_OK);
    ck_assert_int_eq(storage_collect(rest.conn, rest.app.blobs, &hash, 1), ERR_OK);
    ck_assert_int_eq(blobs(), 1);
    db_rollback(writer);
    ck_assert_int_eq(storage_collect(rest.conn, rest.app.blobs, &hash, 1), ERR_OK);
    ck_assert_int_eq(blobs(), 0);
    ck_assert_int_eq(storage_collect(rest.conn, rest.app.blobs, &hash, 1), ERR_OK);
    db_disconnect(writer);
    rest_close();
}
END_TEST

/* --- writers and removers of the same few files at once --- */

#define CONTENTS 4
#define WRITERS  3
#define ROUNDS   150

static blob_hash content[CONTENTS];
static atomic_int writing, missing;

static bool is_there(const uint8_t *hash)
{
    int fd = blob_open(rest.app.blobs, hash);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static struct blob_draft *draft_of(int which, uint8_t hash[static BLOB_HASH_SIZE])
{
    char text[8];
    size_t len;
    int n = snprintf(text, sizeof text, "no %d", which);
    struct blob_draft *d = blob_begin(rest.app.blobs, (size_t)n);
    ck_assert_ptr_nonnull(d);
    ck_assert_int_eq(blob_append(d, text, (size_t)n), ERR_OK);
    ck_assert_int_eq(blob_seal(d, hash, &len), ERR_OK);
    return d;
}

static void refer(struct db_conn *c, int round)
{
    struct id deck;
    blob_hash hash;
    struct blob_draft *d = draft_of(round % CONTENTS, hash);
    ck_assert_int_eq(db_begin(c), ERR_OK);
    ck_assert_int_eq(storage_hold(c, &hash, 1), ERR_OK);
    ck_assert_int_eq(blob_keep(d), ERR_OK);
    ck_assert_int_eq(
        db_read_id(c, &deck,
                   "INSERT INTO deck (organisation_id, session_id, file_name, pdf, bytes, state,"
                   " created_at, created_by) SELECT s.organisation_id, s.id, 'a.pdf', $1, 3,"
                   " 'rendering', s.created_at, a.id FROM session s JOIN account a"
                   " USING (organisation_id) RETURNING id",
                   "x", hash, (size_t)BLOB_HASH_SIZE),
        ERR_OK);
    if (round % 3 == 0) {
        db_rollback(c);
        ck_assert_int_eq(storage_collect(c, rest.app.blobs, &hash, 1), ERR_OK);
        return;
    }
    ck_assert_int_eq(db_commit(c), ERR_OK);
    missing += !is_there(hash);
    ck_assert_int_eq(
        db_exec(c, "UPDATE deck SET removed_at = created_at WHERE id = $1", "u", &deck), ERR_OK);
    ck_assert_int_eq(storage_collect(c, rest.app.blobs, &hash, 1), ERR_OK);
}

static void *write_decks(void *arg)
{
    const char *why;
    struct db_conn *c = db_connect(rest.url, &why);
    for (int i = 0; i < ROUNDS; i++)
        refer(c, i + *(int *)arg);
    db_disconnect(c);
    writing--;
    return NULL;
}

static void *collect_all(void *arg)
{
    const char *why;
    struct db_conn *c = db_connect(rest.url, &why);
    (void)arg;
    while (writing > 0)
        ck_assert_int_eq(storage_collect(c, rest.app.blobs, content, CONTENTS), ERR_OK);
    db_disconnect(c);
    return NULL;
}

START_TEST(nothing_is_removed_that_somebody_refers_to)
{
    open_rest();
    pthread_t threads[WRITERS + 1];
    int first[WRITERS];
    for (int i = 0; i < CONTENTS; i++)
        blob_discard(draft_of(i, content[i]));
    writing = WRITERS;
    for (int i = 0; i < WRITERS; i++) {
        first[i] = i;
        ck_assert_int_eq(pthread_create(&threads[i], NULL, write_decks, &first[i]), 0);
    }
    ck_assert_int_eq(pthread_create(&threads[WRITERS], NULL, collect_all, NULL), 0);
    for (int i = 0; i <= WRITERS; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(missing, 0);
    ck_assert_int_eq(storage_collect(rest.conn, rest.app.blobs, content, CONTENTS), ERR_OK);
    ck_assert_int_eq(blobs(), 0);
    rest_close();
}
END_TEST

/* Bytes that are themselves what they are, beside columns named …_hash. */
#define NO_BLOBS                                                                                   \
    "'schema_migration.sha256', 'organisation_branding.logo', 'account_totp.secret',"              \
    " 'account_totp.pending', 'recovery_code.salt', 'recovery_code.hash',"                         \
    " 'account_passkey.credential_id', 'account_passkey.public_key', 'mailed_code.mac',"           \
    " 'recording_gone.blob'"

/* A new column that refers to blobs is known to blob_used(), or they are removed. */
START_TEST(every_reference_is_known)
{
    const char *url = pg_test_database();
    ck_assert_str_eq(
        pg_sql(url,
               "SELECT coalesce(string_agg(table_name || '.' || column_name, ' '), '')"
               "  FROM information_schema.columns"
               " WHERE table_schema = 'public' AND data_type = 'bytea'"
               "   AND column_name NOT LIKE '%\\_hash'"
               "   AND table_name || '.' || column_name NOT IN (" NO_BLOBS ")"
               "   AND pg_get_functiondef('blob_used'::regproc)"
               "       !~ ('FROM ' || table_name || '\\M.*\\m' || column_name || ' = p_hash')"),
        "");
}
END_TEST

/* --- the quota --- */

static int64_t listed(const char *field)
{
    json_t *list = rest_body(olga, 200, "GET", path, NULL);
    json_t *value = json_object_get(json_object_get(list, "storage"), field);
    int64_t n = json_is_null(value) ? -1 : json_integer_value(value);
    json_decref(list);
    return n;
}

START_TEST(an_organisation_takes_no_more_than_it_may)
{
    open_rest();
    char pdf[4096], deck[37];
    size_t len = write_pdf(pdf, sizeof pdf, 3);
    ck_assert_int_eq(listed("quota"), -1);
    config.storage_mb = 1;
    ck_assert_int_eq(listed("quota"), 1 << 20);
    add_deck(deck);
    pg_sql(rest.url, "UPDATE deck SET bytes = (1 << 20) - 8");
    ck_assert_int_eq(listed("used"), (1 << 20) - 4); /* with its image */
    json_t *problem = upload(olga, 409, "application/pdf", "a.pdf", pdf, len);
    ck_assert_str_eq(rest_text(problem, "code"), "storage.quota");
    json_decref(problem);
    ck_assert_int_eq(blobs(), 1);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM deck"), "1");
    pg_sql(rest.url, "UPDATE organisation SET storage_mb = 2 WHERE name = 'Labo'");
    json_decref(upload(olga, 201, "application/pdf", "a.pdf", pdf, len));
    remove_deck(deck);
    ck_assert_int_eq(listed("used"), (int64_t)len);
    rest_close();
}
END_TEST

/* How large its images are is not known when a deck is taken. */
START_TEST(pages_beyond_the_quota_are_left_out)
{
    open_rest();
    char pdf[4096], first[37], taken[37], sql[256];
    size_t len = write_pdf(pdf, sizeof pdf, 3);
    start_rendering();
    send_deck(first, "a.pdf", pdf, len);
    rest_until("SELECT state = 'ready' FROM deck", false);
    int page = atoi(pg_sql(rest.url, "SELECT sum(bytes) FROM slide_image WHERE page = 1"));
    remove_deck(first);
    rest_until("SELECT count(*) = 0 FROM job WHERE kind <> 'mails.send'", false);
    add_deck(taken);
    config.storage_mb = 1;
    snprintf(sql, sizeof sql, "UPDATE deck SET bytes = (1 << 20) - %d WHERE id = '%s'",
             (int)len + page + 100, taken);
    pg_sql(rest.url, sql);
    json_decref(upload(olga, 201, "application/pdf", "a.pdf", pdf, len));
    rest_until("SELECT count(*) = 2 FROM deck WHERE state = 'ready' AND removed_at IS NULL", false);
    snprintf(sql, sizeof sql,
             "SELECT string_agg(coalesce(error, 'ready'), ' ' ORDER BY page) FROM slide"
             " WHERE deck_id <> '%s'",
             taken);
    ck_assert_str_eq(pg_sql(rest.url, sql), "ready storage.quota storage.quota");
    ck_assert_int_le(listed("used"), 1 << 20);
    ck_assert_int_eq(blobs(), 1 + 1 + 3);
    rest_close();
}
END_TEST

REST_TESTS("storage", a_removed_deck_gives_back_what_no_other_deck_has,
           a_sweep_removes_what_nothing_refers_to, who_is_about_to_refer_to_a_file_holds_it,
           nothing_is_removed_that_somebody_refers_to, every_reference_is_known,
           an_organisation_takes_no_more_than_it_may, pages_beyond_the_quota_are_left_out)
