#include "room/load.h"

#include <stdlib.h>

static void run(struct db_job *job, struct db_conn *c)
{
    struct room_load *load = container_of(job, struct room_load, job);
    load->err = load->read(load, c);
}

static void finish(struct room_load *load, enum err err)
{
    struct room *room = load->room;
    load->take(load, err);
    free(load);
    room_opened(room, err);
}

static void on_done(struct message *message)
{
    struct db_job *job = container_of(message, struct db_job, done);
    struct room_load *load = container_of(job, struct room_load, job);
    finish(load, job->err ? job->err : load->err);
}

void room_load(struct room *room, struct room_load *load)
{
    load->room = room;
    load->session = room->session;
    load->job.run = run;
    load->job.reply_to = room->mailbox;
    load->job.done.deliver = on_done;
    enum err err = db_submit(room->db, DB_SHORT, &load->job);
    if (err)
        finish(load, err);
}
