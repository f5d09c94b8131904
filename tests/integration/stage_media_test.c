/* Live media from the stage: who is heard by whom, who was lost, what was heard. */
#include "base/config.h"
#include "integration/stage_calls.h"

/* --- who is heard --- */

static const char *publish(uint64_t conn)
{
    char command[200], id[ID_TEXT_SIZE];
    snprintf(command, sizeof command,
             "{\"id\":1,\"command\":\"session.publish\",\"data\":{\"session\":\"%s\"}}",
             id_text(&stage.live->session, id));
    live_text(stage.live, conn, command);
    live_wait_answer(stage.live, conn, 1);
    return live_code(stage.live, conn, 1);
}

static uint16_t sequences[4];

static uint64_t publisher(unsigned roles, int n)
{
    uint64_t conn = live_open_publisher(stage.live, 0, roles, n);
    memset(sequences, 0, sizeof sequences);
    ck_assert_str_eq(publish(conn), "");
    return conn;
}

static void send(uint64_t conn, enum media_type type, uint8_t flags)
{
    static const int streams[] = {
        [MEDIA_SCREEN] = MEDIA_OWN_SCREEN, [MEDIA_CAMERA] = 1, [MEDIA_CLOCK] = 0};
    int stream = streams[type];
    struct media_record r = {.type = type,
                             .flags = flags,
                             .stream = (uint16_t)stream,
                             .sequence = type == MEDIA_CLOCK ? 0 : sequences[stream]++,
                             .level = 30,
                             .len = type == MEDIA_CLOCK ? MEDIA_CLOCK_BYTES : 40};
    live_record(stage.live, conn, &r);
    stage_pass(&stage, 100);
    stage_pass(&stage, 100);
}

static void watch_all(uint64_t conn)
{
    ck_assert_str_eq(code(conn, "media.watch", "{\"rung\":\"high\"}"), "");
}

static int heard(uint64_t conn, int stream)
{
    return live_conn(stage.live, conn)->records[stream];
}

START_TEST(who_is_not_on_the_stage_does_not_publish)
{
    begin();
    uint64_t host = member(ROLE_HOST, 101);
    uint64_t door = live_open_publisher(stage.live, 0, ROLE_HOST, 101);
    ck_assert_str_eq(publish(door), "auth.forbidden");
    code(host, "stage.enter", "{}");
    uint64_t on = publisher(ROLE_HOST, 101);
    json_t *streams = frame(host, "state", "stage.streams", 0);
    ck_assert_int_eq(json_integer_value(json_object_get(streams, "stream")), 0);
    /* The same person elsewhere: one publishes, at the same streams. */
    uint64_t again = publisher(ROLE_HOST, 101);
    ck_assert_int_eq(live_conn(stage.live, on)->closed, 4409);
    live_close(stage.live, on, 0);
    send(again, MEDIA_VOICE, 0);
    ck_assert_int_eq(heard(host, 0), 1);
    ck_assert_str_eq(code(host, "stage.exit", "{}"), "");
    ck_assert_int_eq(live_conn(stage.live, again)->closed, 4403);
    stage_close(&stage);
}
END_TEST

START_TEST(behind_the_stage_the_audience_hears_nothing)
{
    begin();
    uint64_t host = member(ROLE_HOST, 101), hcp = stage_hcp(&stage, 1);
    watch_all(hcp);
    code(host, "stage.enter", "{}");
    uint64_t p = publisher(ROLE_HOST, 101);
    send(p, MEDIA_VOICE, 0);
    send(p, MEDIA_CAMERA, MEDIA_KEY);
    ck_assert_int_eq(heard(host, 0), 1);
    ck_assert_int_eq(heard(hcp, 0) + heard(hcp, 1), 0);
    code(host, "stage.move", of(101, ",\"place\":\"stage\""));
    send(p, MEDIA_VOICE, 0);
    send(p, MEDIA_CAMERA,
         0); /* the audience's picture begins with a key frame, which is asked for */
    ck_assert_int_eq(heard(hcp, 0), 1);
    ck_assert_int_eq(heard(hcp, 1), 0);
    json_t *asked = frame(p, "notice", "media.keyframe", 0);
    ck_assert_int_eq(json_integer_value(json_object_get(asked, "stream")), 1);
    send(p, MEDIA_CAMERA, MEDIA_KEY);
    ck_assert_int_eq(heard(hcp, 1), 1);
    code(host, "stage.move", of(101, ",\"place\":\"backstage\""));
    send(p, MEDIA_VOICE, 0);
    ck_assert_int_eq(heard(hcp, 0), 1);
    ck_assert_int_eq(heard(host, 0), 3);
    stage_close(&stage);
}
END_TEST

START_TEST(before_it_is_live_only_the_crew_hears_and_an_hcp_on_stage_is_of_it)
{
    begin();
    pg_sql(stage.url, "UPDATE session SET state = 'lobby', live_at = NULL");
    uint64_t host = member(ROLE_HOST, 101), ada = stage_hcp(&stage, 1);
    uint64_t carl = stage_hcp(&stage, 3);
    code(host, "stage.enter", "{}");
    code(host, "stage.move", of(101, ",\"place\":\"stage\""));
    code(host, "stage.invite", of(1, ",\"picture\":false"));
    uint64_t p = publisher(ROLE_HOST, 101);
    send(p, MEDIA_VOICE, 0);
    ck_assert_int_eq(heard(ada, 0), 0); /* invited, not there yet */
    code(ada, "stage.enter", "{}");
    send(p, MEDIA_VOICE, 0);
    ck_assert_int_eq(heard(ada, 0), 1);
    ck_assert_int_eq(heard(carl, 0), 0);
    ck_assert_str_eq(code(host, "session.start", "{\"version\":0}"), "");
    send(p, MEDIA_VOICE, 0);
    ck_assert_int_eq(heard(ada, 0), 2);
    ck_assert_int_eq(heard(carl, 0), 1);
    code(ada, "stage.exit", "{}");
    code(host, "stage.move", of(101, ",\"place\":\"backstage\""));
    send(p, MEDIA_VOICE, 0);
    ck_assert_int_eq(heard(ada, 0), 2);
    stage_close(&stage);
}
END_TEST

START_TEST(muted_camera_off_and_no_screen_are_held_back)
{
    begin();
    uint64_t host = member(ROLE_HOST, 101), hcp = stage_hcp(&stage, 1);
    code(host, "stage.enter", "{}");
    code(host, "stage.move", of(101, ",\"place\":\"stage\""));
    uint64_t p = publisher(ROLE_HOST, 101);
    watch_all(hcp);
    code(host, "stage.mute", of(101, ",\"muted\":true"));
    code(host, "stage.camera", of(101, ",\"off\":true"));
    send(p, MEDIA_VOICE, 0);
    send(p, MEDIA_CAMERA, MEDIA_KEY);
    send(p, MEDIA_SCREEN, MEDIA_KEY);
    ck_assert_int_eq(heard(hcp, 0) + heard(hcp, 1) + heard(hcp, 2), 0);
    send(p, MEDIA_CLOCK, 0);
    ck_assert_int_eq(heard(hcp, 0), 1); /* the clock goes on */
    code(host, "stage.mute", of(101, ",\"muted\":false"));
    code(host, "stage.camera", of(101, ",\"off\":false"));
    code(host, "stage.screen", "{\"on\":true}");
    send(p, MEDIA_VOICE, 0);
    send(p, MEDIA_VOICE, MEDIA_MUTED);
    send(p, MEDIA_CAMERA, 0); /* of what was held back: nothing before a key frame */
    ck_assert_int_eq(heard(hcp, 0), 2);
    ck_assert_int_eq(heard(hcp, 1), 0);
    frame(p, "notice", "media.keyframe", 0);
    send(p, MEDIA_CAMERA, MEDIA_KEY);
    send(p, MEDIA_SCREEN, MEDIA_KEY);
    ck_assert_int_eq(heard(hcp, 1), 1);
    ck_assert_int_eq(heard(hcp, 2), 1);
    for (int i = 0; i < 20; i++)
        send(p, MEDIA_VOICE, 0);
    json_t *speaking = frame(hcp, "state", "stage.speaking", 0);
    ck_assert_int_eq(json_integer_value(json_object_get(speaking, "stream")), 0);
    stage_close(&stage);
}
END_TEST

/* --- who is lost --- */

static const json_t *streams(uint64_t conn)
{
    size_t n = live_count(stage.live, conn, "state", "stage.streams");
    return frame(conn, "state", "stage.streams", n - 1);
}

START_TEST(a_publisher_who_vanishes_is_lost_and_keeps_the_place_for_a_minute)
{
    begin();
    uint64_t host = member(ROLE_HOST, 101), speaker = member(ROLE_SPEAKER, 102);
    code(speaker, "stage.enter", "{}");
    code(host, "stage.move", of(102, ",\"place\":\"stage\""));
    uint64_t p = publisher(ROLE_SPEAKER, 102);
    send(p, MEDIA_VOICE, 0);
    stage_pass(&stage, 4500); /* half open: nothing comes any more */
    ck_assert(json_is_null(json_object_get(streams(host), "stream")));
    ck_assert_str_ne(text(streams(host), "lost_at"), "");
    send(p, MEDIA_VOICE, 0);
    ck_assert(json_is_integer(json_object_get(streams(host), "stream")));
    live_close(stage.live, p, 0);
    live_run(stage.live);
    ck_assert(json_is_null(json_object_get(streams(host), "stream")));
    stage_pass(&stage, 40000);
    uint64_t back = publisher(ROLE_SPEAKER, 102);
    stage_pass(&stage, 3000);
    ck_assert_uint_eq(events(host, "stage.left"), 0);
    live_close(stage.live, back, 0);
    stage_pass(&stage, 59000);
    ck_assert_uint_eq(events(host, "stage.left"), 0);
    stage_pass(&stage, 1100);
    ck_assert_str_eq(text(frame(host, "event", "stage.left", 0), "why"), "lost");
    ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) FROM stage_person"), "0");
    stage_close(&stage);
}
END_TEST

START_TEST(whoever_left_without_a_word_is_off_after_a_minute_also_after_a_restart)
{
    begin();
    uint64_t host = member(ROLE_HOST, 101), speaker = member(ROLE_SPEAKER, 102);
    uint64_t ada = stage_hcp(&stage, 1);
    code(host, "stage.enter", "{}");
    code(speaker, "stage.enter", "{}");
    code(ada, "hand.raise", "{}");
    live_close(stage.live, ada, 0);
    stage_pass(&stage, 61000);
    frame(host, "event", "hand.lowered", 0);
    ck_assert_uint_eq(events(host, "stage.left"), 0); /* who is here needs no publisher */
    stage_restart(&stage, features);
    host = member(ROLE_HOST, 101);
    stage_pass(&stage, 59000);
    ck_assert_uint_eq(events(host, "stage.left"), 0);
    stage_pass(&stage, 1100);
    frame(host, "event", "stage.left", 0);
    ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) FROM stage_person"), "1");
    stage_close(&stage);
}
END_TEST

/* --- what a connection is sent, and whether it was heard --- */

START_TEST(a_connection_is_sent_what_it_chose)
{
    begin();
    uint64_t host = member(ROLE_HOST, 101), hcp = stage_hcp(&stage, 1);
    code(host, "stage.enter", "{}");
    code(host, "stage.move", of(101, ",\"place\":\"stage\""));
    ck_assert_str_eq(code(hcp, "media.watch", "{\"rung\":\"all\"}"), "request.invalid");
    watch_all(host);
    uint64_t p = publisher(ROLE_HOST, 101); /* at first the voice alone */
    send(p, MEDIA_VOICE, 0);
    send(p, MEDIA_CAMERA, MEDIA_KEY);
    ck_assert_int_eq(heard(hcp, 0), 1);
    ck_assert_int_eq(heard(hcp, 1), 0);
    ck_assert_int_eq(heard(host, 1), 1);
    ck_assert_str_eq(code(hcp, "media.watch", "{\"rung\":\"high\"}"), "");
    stage_pass(&stage, 2000);
    send(p, MEDIA_CAMERA, 0);
    frame(p, "notice", "media.keyframe", 0);
    send(p, MEDIA_CAMERA, MEDIA_KEY);
    ck_assert_int_eq(heard(hcp, 1), 1);
    stage_close(&stage);
}
END_TEST

static void send_config(uint64_t conn)
{
    static const char text[] = "{\"codec\":\"vp8\",\"width\":320,\"height\":180}";
    struct media_record r = {.type = MEDIA_CONFIG,
                             .stream = MEDIA_OWN_CAMERA,
                             .len = sizeof text - 1,
                             .bytes = (const unsigned char *)text};
    live_record(stage.live, conn, &r);
    stage_pass(&stage, 100);
}

/* Also where nobody was left to show it to, as on each loop of a server where nobody was before. */
START_TEST(whoever_comes_later_is_sent_a_config_before_its_pictures)
{
    begin();
    uint64_t host = member(ROLE_HOST, 101);
    code(host, "stage.enter", "{}");
    code(host, "stage.move", of(101, ",\"place\":\"stage\""));
    uint64_t p = publisher(ROLE_HOST, 101), before = host;
    send_config(p);
    send(p, MEDIA_CAMERA, MEDIA_KEY);
    for (int n = 1; n <= 2; n++) {
        live_close(stage.live, before, clock_now_us(stage.live->clock));
        stage_pass(&stage, 100);
        uint64_t hcp = before = stage_hcp(&stage, n);
        ck_assert_str_eq(code(hcp, "media.watch", "{\"rung\":\"high\"}"), "");
        send(p, MEDIA_CAMERA, 0);
        stage_pass(&stage, 1000);
        send(p, MEDIA_CAMERA, MEDIA_KEY);
        send(p, MEDIA_CAMERA, 0);
        ck_assert_int_eq(heard(hcp, MEDIA_OWN_CAMERA), 2);
        ck_assert_int_eq(live_conn(stage.live, hcp)->bare[MEDIA_OWN_CAMERA], 0);
    }
    stage_close(&stage);
}
END_TEST

#define SECONDS "SELECT string_agg(seconds::text, ' ') FROM heard_seconds('" AUDIENCE_SESSION "')"

START_TEST(seconds_heard_are_a_union_within_the_live_time_and_the_connection)
{
    static const struct feature *const with_presence[] = {&presence_feature, &registration_feature,
                                                          &sessions_feature, &stage_feature, NULL};
    stage_open(&stage, with_presence);
    struct id node = audience_id(AUDIENCE_ORG);
    stage.live->app.node = node;
    pg_sql(stage.url, "UPDATE session SET live_at = '2027-01-15T07:59:00Z'");
    uint64_t one = stage_hcp(&stage, 1), two = stage_hcp(&stage, 1),
             host = stage_staff(&stage, ROLE_HOST);
    ck_assert_str_eq(code(one, "media.hearing", "{\"playing\":true}"), "");
    ck_assert_str_eq(code(host, "media.hearing", "{\"playing\":true}"), "");
    stage_pass(&stage, 10000);
    ck_assert_str_eq(code(one, "media.hearing", "{\"playing\":true}"), ""); /* as it is */
    ck_assert_str_eq(code(two, "media.hearing", "{\"playing\":true}"), "");
    stage_pass(&stage, 10000);
    ck_assert_str_eq(code(one, "media.hearing", "{\"playing\":false}"), "");
    ck_assert_str_eq(code(one, "media.hearing", "{\"playing\":false}"), "");
    stage_pass(&stage, 5000);
    live_close(stage.live, two, clock_now_us(stage.live->clock)); /* without a word */
    stage_pass(&stage, 60000);
    ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) FROM heard"), "2");
    ck_assert_str_eq(pg_sql(stage.url, SECONDS), "25");
    pg_sql(stage.url,
           "UPDATE session SET state = 'ended', ended_at = live_at + interval '80 seconds'");
    ck_assert_str_eq(pg_sql(stage.url, SECONDS), "20"); /* it began a minute before */
    stage_close(&stage);
}
END_TEST

#define MOVE(media)                                                                                \
    "{\"version\":%d,\"deck\":\"" AUDIENCE_CONGRESS "\",\"page\":1,\"media\":" media "}"

static json_t *moved_with(uint64_t conn, const char *form, int version)
{
    char data[300];
    snprintf(data, sizeof data, form, version);
    ck_assert_str_eq(code(conn, "slide.move", data), "");
    json_t *moved = frame(conn, "event", "slide.moved", (size_t)version);
    return json_object_get(moved, "media");
}

START_TEST(a_page_goes_with_the_speakers_own_voice_and_no_other)
{
    begin();
    pg_sql(stage.url,
           "INSERT INTO deck (id, organisation_id, session_id, file_name, pdf, bytes, state,"
           " page_count, created_at, created_by) SELECT '" AUDIENCE_CONGRESS "', organisation_id,"
           " id, 'd.pdf', sha256('d'), 1, 'ready', 1, now(), '" AUDIENCE_STAFF "' FROM session;"
           "INSERT INTO slide (deck_id, page, state, width, height)"
           " VALUES ('" AUDIENCE_CONGRESS "', 1, 'ready', 100, 100)");
    uint64_t host = member(ROLE_HOST, 101);
    ck_assert_ptr_null(moved_with(host, MOVE("{\"stream\":0,\"timestamp\":0}"), 0));
    code(host, "stage.enter", "{}");
    uint64_t p = publisher(ROLE_HOST, 101);
    send(p, MEDIA_VOICE, 0); /* at 0; 200 ms ago */
    ck_assert_ptr_nonnull(moved_with(host, MOVE("{\"stream\":0,\"timestamp\":96000}"), 1));
    ck_assert_ptr_null(moved_with(host, MOVE("{\"stream\":0,\"timestamp\":196000}"), 2));
    ck_assert_ptr_null(moved_with(host, MOVE("{\"stream\":4,\"timestamp\":96000}"), 3));
    ck_assert_str_eq(code(host, "slide.move",
                          "{\"version\":4,\"deck\":\"" AUDIENCE_CONGRESS
                          "\",\"page\":1,\"media\":{\"stream\":0}}"),
                     "request.invalid");
    stage_close(&stage);
}
END_TEST

RUN_TESTS("live media from the stage", who_is_not_on_the_stage_does_not_publish,
          behind_the_stage_the_audience_hears_nothing,
          before_it_is_live_only_the_crew_hears_and_an_hcp_on_stage_is_of_it,
          muted_camera_off_and_no_screen_are_held_back,
          a_publisher_who_vanishes_is_lost_and_keeps_the_place_for_a_minute,
          whoever_left_without_a_word_is_off_after_a_minute_also_after_a_restart,
          a_connection_is_sent_what_it_chose,
          whoever_comes_later_is_sent_a_config_before_its_pictures,
          seconds_heard_are_a_union_within_the_live_time_and_the_connection,
          a_page_goes_with_the_speakers_own_voice_and_no_other)
