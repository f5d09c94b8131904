/* A person's name changed or is gone: said in the log of each session where it is shown. The log
 * names the registration; the name stays in its row, and the worker attaches it. */
#include "features/registration/registration_events.h"
#include "features/registration/registration.h"
#include "features/registration/registration_store.h"
#include <stdlib.h>

enum err person_attach_name(struct db_conn *c, struct event *event)
{
    const char *text = json_string_value(json_object_get(event->payload, "registration"));
    struct id registration;
    char *name = NULL;
    enum err err = ERR_OK;
    if (text && id_parse(text, &registration))
        err = registration_name(c, &registration, &name);
    event->attached = name; /* NULL: the person was erased */
    return err;
}

/* What the room keeps for those who come back may name the person. */
void person_apply_erased(struct room *room, struct event *event)
{
    (void)event;
    room_forget_events(room);
}
