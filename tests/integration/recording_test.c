/* What is recorded, from the recorder's files to the film: kept for who agreed, gone for who takes
 * it back or is erased, stopped by a quota, and never kept twice. */
#include "features/recording/recording_film_store.h"
#include "features/recording/recording_room.h"
#include "features/recording/recording_routes.h"
#include "integration/slides_calls.h"
#include "recording/tape.h"
#include <dirent.h>
#include <opus/opus.h>

static char recording[37], speaker[37];
static struct id recording_id, speaker_id;

static const char *ask(const char *format, ...) __attribute__((format(printf, 1, 2)));
static const char *ask(const char *format, ...)
{
    char text[1024];
    va_list ap;
    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    return pg_sql(rest.url, text);
}

static void open_recording(void)
{
    const struct http_route *tables[] = {accounts_feature.routes, recording_feature.routes, NULL};
    open_rest_with(tables);
    config.data = rest.folder;
    snprintf(speaker, sizeof speaker, "%s",
             ask("SELECT id FROM account WHERE email LIKE 'olga%%'"));
    snprintf(recording, sizeof recording, "%s",
             ask("INSERT INTO recording (organisation_id, session_id, started_at)"
                 " SELECT organisation_id, id, created_at FROM session RETURNING id"));
    ck_assert(id_parse(recording, &recording_id) && id_parse(speaker, &speaker_id));
    rest_start_jobs(recording_feature.jobs);
    ck_assert_int_eq(recording_process_start(&rest.app, rest.conn), ERR_OK);
}

static void close_recording(void)
{
    recording_process_stop(&rest.app);
    rest_close();
}

static void agree(bool given)
{
    ask("INSERT INTO recording_consent (session_id, organisation_id, account_id, given, at)"
        " SELECT s.id, s.organisation_id, '%s', %s, now() FROM session s",
        speaker, given ? "true" : "false");
}

/* A second of silence, spoken. */
static void speak(int64_t from_us)
{
    unsigned char packet[200], bytes[300];
    float silence[960] = {0};
    OpusEncoder *encoder = opus_encoder_create(48000, 1, OPUS_APPLICATION_VOIP, NULL);
    for (int i = 0; i < 50; i++) {
        int n = opus_encode_float(encoder, silence, 960, packet, sizeof packet);
        ck_assert_int_gt(n, 0);
        struct media_record record = {.type = MEDIA_VOICE,
                                      .timestamp = (uint32_t)i * 960,
                                      .sequence = (uint16_t)i,
                                      .len = (size_t)n,
                                      .bytes = packet};
        media_write_head(&record, bytes);
        memcpy(bytes + MEDIA_RECORD_HEAD, packet, record.len);
        struct payload *p = payload_copy(bytes, MEDIA_RECORD_HEAD + record.len);
        recorder_put(recording_recorder(), &recording_id, &speaker_id, from_us + i * 20000, p);
        payload_unref(p);
    }
    opus_encoder_destroy(encoder);
    recorder_end(recording_recorder(), &recording_id, &speaker_id);
}

static int files(void)
{
    char folder[64];
    int n = 0;
    snprintf(folder, sizeof folder, "%s/recording", rest.folder);
    DIR *d = opendir(folder);
    for (struct dirent *e = readdir(d); e; e = readdir(d))
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

/* Ticks until sql says true, and no file is left if that is asked for. */
static void until(const char *sql, bool no_files)
{
    for (int i = 0; i < 3000; i++) {
        rest_advance(3);
        recording_process_tick(&rest.app);
        jobs_tick(rest.app.jobs);
        if (strcmp(ask("%s", sql), "t") == 0 && (!no_files || files() == 0))
            return;
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    ck_abort_msg("never true: %s", sql);
}

static void stop(void)
{
    ck_assert_int_eq(recording_fail(rest.conn, &rest.app, &recording_id, RECORDING_STORAGE,
                                    clock_now_us(&rest.clock)),
                     ERR_OK);
}

static int status_of(const char *method, const char *what)
{
    char target[128];
    snprintf(target, sizeof target, "/api/recordings/%s%s", recording, what);
    return rest_status(olga, method, target, NULL);
}

START_TEST(who_agreed_is_kept_and_becomes_a_film)
{
    open_recording();
    agree(true);
    speak(REST_NOW);
    until("SELECT count(*) = 1 FROM recording_chunk", true);
    ck_assert_str_eq(ask("SELECT extract(epoch FROM to_at - from_at)::numeric(9, 2) || ' ' || width"
                         " FROM recording_chunk"),
                     "0.98 0");
    ck_assert_int_eq(status_of("GET", "/film.webm"), 404);
    ck_assert_int_eq(status_of("DELETE", ""), 409); /* it still runs */
    stop();
    until("SELECT count(*) = 1 FROM recording_film WHERE state = 'ready'", true);
    ck_assert_int_eq(status_of("GET", "/film.webm"), 200);
    ck_assert(rest_file_whole && rest_file.len > 300);
    ck_assert_mem_eq(rest_file.data, "\x1A\x45\xDF\xA3", 4);
    ck_assert_str_eq(ask("SELECT abs(duration_ms - 1000) <= 40 FROM recording_film"), "t");
    ck_assert_int_eq(status_of("DELETE", ""), 204);
    until("SELECT NOT EXISTS (SELECT FROM recording_gone) AND NOT EXISTS (SELECT FROM job WHERE "
          "kind <> 'mails.send')",
          true);
    ck_assert_str_eq(ask("SELECT storage_used(id) FROM organisation WHERE name = 'Labo'"), "0");
    close_recording();
}
END_TEST

START_TEST(who_did_not_agree_is_not_kept)
{
    open_recording();
    speak(REST_NOW); /* a room that did not know yet */
    until("SELECT true", true);
    agree(true);
    agree(false);
    speak(REST_NOW + US_PER_S);
    until("SELECT true", true);
    ck_assert_str_eq(ask("SELECT count(*) FROM recording_chunk"), "0");
    close_recording();
}
END_TEST

START_TEST(a_chunk_that_comes_late_is_in_the_film)
{
    open_recording();
    agree(true);
    speak(REST_NOW);
    until("SELECT count(*) = 1 FROM recording_chunk", true);
    stop();
    until("SELECT state = 'ready' FROM recording_film", true);
    speak(REST_NOW + 2 * US_PER_S);
    until("SELECT state = 'ready' AND duration_ms >= 2960 FROM recording_film", true);
    ck_assert_str_eq(ask("SELECT count(*) FROM recording_gone"), "0");
    close_recording();
}
END_TEST

START_TEST(above_the_quota_it_stops_and_says_so)
{
    open_recording();
    agree(true);
    ask("UPDATE organisation SET storage_mb = 1 WHERE name = 'Labo'");
    ask("INSERT INTO deck (organisation_id, session_id, file_name, pdf, bytes, state, page_count,"
        " created_at, created_by) SELECT s.organisation_id, s.id, 'a.pdf', sha256('pdf'), 1048576,"
        " 'ready', 1, s.created_at, '%s' FROM session s",
        speaker);
    speak(REST_NOW);
    until("SELECT why = 'quota' FROM recording", true);
    ck_assert_str_eq(ask("SELECT count(*) FROM recording_chunk"), "0");
    ck_assert_str_eq(ask("SELECT payload->>'why' FROM session_event"
                         " WHERE type = 'recording.stopped'"),
                     "quota");
    close_recording();
}
END_TEST

START_TEST(what_a_crash_left_is_kept_at_the_next_start)
{
    char folder[64];
    open_recording();
    agree(true);
    recording_process_stop(&rest.app);
    snprintf(folder, sizeof folder, "%s/recording", rest.folder);
    struct tape *t = tape_new(folder, &recording_id, &speaker_id);
    struct media_record record = {.type = MEDIA_VOICE, .len = 3, .bytes = (const void *)"abc"};
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(tape_put(t, REST_NOW + i * US_PER_S, &record), ERR_OK);
    ck_assert_int_eq(truncate(t->path, (off_t)t->bytes - 1), 0);
    close(t->fd);
    t->fd = -1;
    tape_free(t);
    ck_assert_int_eq(recording_process_start(&rest.app, rest.conn), ERR_OK);
    until("SELECT count(*) = 1 FROM recording_chunk", true);
    ck_assert_str_eq(ask("SELECT extract(epoch FROM to_at - from_at)::int FROM recording_chunk"),
                     "1");
    close_recording();
}
END_TEST

START_TEST(a_session_that_is_over_ends_its_recording)
{
    open_recording();
    ask("UPDATE session SET state = 'cancelled'");
    until("SELECT why = 'ended' FROM recording", true);
    close_recording();
}
END_TEST

RUN_TESTS("recording", who_agreed_is_kept_and_becomes_a_film, who_did_not_agree_is_not_kept,
          a_chunk_that_comes_late_is_in_the_film, above_the_quota_it_stops_and_says_so,
          what_a_crash_left_is_kept_at_the_next_start, a_session_that_is_over_ends_its_recording)
