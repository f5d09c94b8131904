#include "features/mails/mails_routes.h"
#include "base/app.h"
#include "base/json.h"
#include "features/mails/mails.h"
#include "features/mails/mails_store.h"
#include "jobs/jobs.h"

void get_mails(struct http_exchange *x)
{
    json_t *mails = NULL;
    enum err err = mails_get(x->db, &x->who, &x->place.congress, clock_now_us(x->clock), &mails);
    if (err == ERR_OK)
        http_reply_json(x, 200, mails);
    else
        http_problem_err(x, err);
}

void put_mails(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    struct mail_settings settings = {.remind_day = json_read_bool(&r, "remind_day"),
                                     .remind_hour = json_read_bool(&r, "remind_hour"),
                                     .remind_minutes = json_read_bool(&r, "remind_minutes"),
                                     .thanks = json_read_bool(&r, "thanks"),
                                     .missed = json_read_bool(&r, "missed"),
                                     .gather_minutes = json_read_int(&r, "gather_minutes", 5, 240)};
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    enum err err = mails_set(x->db, &x->who, &x->place.congress, &settings, clock_now_us(x->clock));
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    jobs_wake(x->app->jobs, &mails_send);
    get_mails(x);
}
