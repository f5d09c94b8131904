/* The helper program under its client, on documents that make_pdf.py makes. */
#include "harness/wait.h"
#include "integration/render_trial.h"
#include <pthread.h>
#include <sys/stat.h>

static int file_of(const char *bytes)
{
    char path[] = "/tmp/amphi-render-XXXXXX";
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    unlink(path);
    ck_assert_int_eq(write(fd, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
    return fd;
}

START_TEST(every_page_comes_with_text_and_three_images)
{
    TRIAL t = {0};
    run(&t, make_pdf("--pages 3"), 1, 20);
    ck_assert_int_eq(t.outcome, RENDER_FINISHED);
    ck_assert_int_eq(t.opened, 3);
    ck_assert_int_eq(t.reported, 3);
    ck_assert(t.images_right);
    ck_assert_int_eq(t.widths[1], 960);
    ck_assert_int_eq(t.heights[1], 540);
    ck_assert_ptr_nonnull(strstr(t.text, "Page 3 of 3: text that can be found"));
}
END_TEST

START_TEST(work_continues_from_the_page_asked_for)
{
    TRIAL t = {0};
    run(&t, make_pdf("--pages 3"), 3, 20);
    ck_assert_int_eq(t.outcome, RENDER_FINISHED);
    ck_assert_int_eq(t.opened, 3);
    ck_assert_int_eq(t.reported, 1);
}
END_TEST

START_TEST(a_turned_page_is_higher_than_wide)
{
    TRIAL t = {0};
    run(&t, make_pdf("--pages 2 --rotated"), 1, 20);
    ck_assert_int_eq(t.outcome, RENDER_FINISHED);
    ck_assert_int_eq(t.widths[2], 540);
    ck_assert_int_eq(t.heights[2], 960);
    ck_assert(t.images_right);
}
END_TEST

START_TEST(a_document_that_cannot_be_opened_says_why)
{
    TRIAL t = {0};
    run(&t, make_pdf("--encrypted"), 1, 20);
    ck_assert_int_eq(t.outcome, RENDER_FAILED);
    ck_assert_str_eq(render_code_text(t.code), "pdf.encrypted");
    run(&t, file_of("no PDF at all"), 1, 20);
    ck_assert_int_eq(t.outcome, RENDER_FAILED);
    ck_assert_str_eq(render_code_text(t.code), "pdf.invalid");
    run(&t, make_pdf("--pages 0"), 1, 20);
    ck_assert_int_eq(t.outcome, RENDER_FAILED);
    ck_assert_str_eq(render_code_text(t.code), "pdf.empty");
    run(&t, make_pdf("--pages 501"), 1, 20);
    ck_assert_int_eq(t.outcome, RENDER_FAILED);
    ck_assert_str_eq(render_code_text(t.code), "pdf.too_many_pages");
    ck_assert_int_eq(t.reported, 0);
}
END_TEST

START_TEST(half_a_file_ends)
{
    TRIAL t = {0};
    run(&t, make_pdf("--pages 4 --truncated"), 1, 20);
    ck_assert(t.outcome == RENDER_FAILED || t.reported == t.opened);
}
END_TEST

START_TEST(an_endless_page_costs_only_itself)
{
    TRIAL t = {0};
    run(&t, make_pdf("--pages 3 --endless"), 1, 4);
    ck_assert_int_eq(t.outcome, RENDER_FINISHED);
    ck_assert_int_eq(t.reported, 3);
    ck_assert_int_eq(t.errors[1], RENDER_OK);
    ck_assert_str_eq(render_code_text(t.errors[2]), "page.timeout");
    ck_assert_int_eq(t.errors[3], RENDER_OK);
}
END_TEST

START_TEST(a_huge_page_leaves_the_others_alone)
{
    TRIAL t = {0};
    run(&t, make_pdf("--pages 3 --huge"), 1, 20);
    ck_assert_int_eq(t.outcome, RENDER_FINISHED);
    ck_assert_int_eq(t.reported, 3);
    ck_assert_int_eq(t.errors[1], RENDER_OK);
    ck_assert_int_eq(t.errors[3], RENDER_OK);
    ck_assert(t.images_right);
}
END_TEST

START_TEST(a_callback_stops_the_document)
{
    TRIAL t = {.stop_at = 1};
    run(&t, make_pdf("--pages 3"), 1, 20);
    ck_assert_int_eq(t.outcome, RENDER_STOPPED);
    ck_assert_int_eq(t.reported, 1);
}
END_TEST

START_TEST(stopping_does_not_wait_for_the_page)
{
    TRIAL t = {.stops_fd = true};
    double begin = wait_now();
    run(&t, make_pdf("--pages 3 --endless"), 2, 60);
    ck_assert_double_lt(wait_now() - begin, 10);
    ck_assert_int_eq(t.outcome, RENDER_STOPPED);
    ck_assert_int_eq(t.opened, 3);
    ck_assert_int_eq(t.reported, 0);
}
END_TEST

#define BUDGET_MS 4000

START_TEST(a_document_has_a_budget_of_processor_time)
{
    TRIAL t = {.budget_ms = BUDGET_MS};
    run(&t, make_pdf("--pages 4 --endless"), 1, 60);
    ck_assert_int_eq(t.outcome, RENDER_FINISHED);
    ck_assert_int_eq(t.reported, 4);
    ck_assert_int_eq(t.errors[1], RENDER_OK);
    for (int page = 2; page <= 4; page++)
        ck_assert_str_eq(render_code_text(t.errors[page]), "page.skipped");
    ck_assert_int_ge(t.document.spent_ms, BUDGET_MS - 100);
    ck_assert_int_lt(t.document.spent_ms, BUDGET_MS + 2000);
}
END_TEST

static struct render_config shared;

static void *run_three_pages(void *arg)
{
    run_with(&shared, arg, make_pdf("--pages 3"), 1);
    return NULL;
}

START_TEST(documents_are_rendered_beside_each_other)
{
    struct trial t[2] = {0};
    pthread_t threads[2];
    shared = config_of(NULL, 20);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, run_three_pages, &t[i]), 0);
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_int_eq(t[i].outcome, RENDER_FINISHED);
        ck_assert_int_eq(t[i].reported, 3);
        ck_assert(t[i].images_right);
        trial_release(&t[i]);
    }
}
END_TEST

/* Another program in the helper's place. */
static void run_instead(struct trial *t, const char *script, int page_seconds)
{
    char path[] = "/tmp/amphi-helper-XXXXXX";
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_gt(dprintf(fd, "#!/bin/sh\n%s\n", script), 0);
    fchmod(fd, 0755);
    close(fd);
    struct render_config config = config_of(path, page_seconds);
    run_with(&config, t, make_pdf("--pages 1"), 1);
    unlink(path);
}

START_TEST(a_helper_that_cannot_run_is_our_fault)
{
    TRIAL t = {0};
    struct render_config config = config_of("/nonexistent/amphi-render", 20);
    run_with(&config, &t, make_pdf("--pages 1"), 1);
    ck_assert_int_eq(t.outcome, RENDER_FAILED);
    ck_assert_int_eq(t.code, RENDER_HELPER_FAILED);
    run_instead(&t, "exec >&-; exit 4", 5); /* closes its end a moment before it says why */
    ck_assert_int_eq(t.outcome, RENDER_FAILED);
    ck_assert_int_eq(t.code, RENDER_HELPER_FAILED);
}
END_TEST

START_TEST(a_helper_that_lies_or_dies_costs_the_document_only)
{
    TRIAL t = {0};
    run_instead(&t, "printf 'AMR1 and then nothing that was agreed upon'", 5);
    ck_assert_int_eq(t.outcome, RENDER_FAILED);
    ck_assert_int_eq(t.code, RENDER_PDF_INVALID);
    run_instead(&t, "kill -SEGV $$", 5);
    ck_assert_int_eq(t.outcome, RENDER_FAILED);
    ck_assert_int_eq(t.code, RENDER_PDF_INVALID);
}
END_TEST

START_TEST(a_helper_that_only_waits_is_ended_by_the_wall_clock)
{
    TRIAL t = {0};
    run_instead(&t, "exec sleep 60", 1);
    ck_assert_int_eq(t.outcome, RENDER_FAILED);
    ck_assert_int_eq(t.code, RENDER_PAGE_TIMEOUT);
}
END_TEST

START_TEST(the_sandbox_refuses_files_sockets_and_programs)
{
    char command[600], line[128];
    const char *build = getenv("AMPHI_TEST_BUILD");
    snprintf(command, sizeof command, "%s/amphi-render --self-test </dev/null",
             build ? build : "build/release");
    FILE *out = popen(command, "r");
    ck_assert_ptr_nonnull(out);
    int refused = 0;
    while (fgets(line, sizeof line, out)) {
        ck_assert_msg(!strstr(line, "ALLOWED"), "%s", line);
        for (const char *const *what =
                 (const char *const[]){"open-write ", "socket ", "exec ", "fork ", "stat ",
                                       "stat-at ", "stat-empty ", NULL};
             *what; what++)
            refused += strncmp(line, *what, strlen(*what)) == 0;
    }
    ck_assert_int_eq(pclose(out), 0);
    ck_assert_int_eq(refused, 7);
}
END_TEST

RUN_TESTS("render", every_page_comes_with_text_and_three_images,
          work_continues_from_the_page_asked_for, a_turned_page_is_higher_than_wide,
          a_document_that_cannot_be_opened_says_why, half_a_file_ends,
          an_endless_page_costs_only_itself, a_huge_page_leaves_the_others_alone,
          a_callback_stops_the_document, stopping_does_not_wait_for_the_page,
          a_document_has_a_budget_of_processor_time, documents_are_rendered_beside_each_other,
          a_helper_that_only_waits_is_ended_by_the_wall_clock,
          a_helper_that_cannot_run_is_our_fault, a_helper_that_lies_or_dies_costs_the_document_only,
          the_sandbox_refuses_files_sockets_and_programs)
