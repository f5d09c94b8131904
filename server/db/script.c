#include "db/script.h"

#include "db/conn.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool script_read(const char *folder, const char *name, struct buf *text)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return buf_add_file(text, path) && text->len > 0 && !memchr(text->data, 0, text->len);
}

static int line_of(const char *text, const char *position)
{
    int line = 1;
    for (long left = strtol(position, NULL, 10); *text && left > 1; text++, left--)
        line += *text == '\n';
    return line;
}

enum err script_run(struct db_conn *c, const char *text, char why[static SCRIPT_WHY_SIZE])
{
    PGresult *result = conn_exec(c, text);
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
        PQclear(result);
        return ERR_OK;
    }
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
    enum err err = result ? ERR_INVALID : ERR_BUSY;
    if (!result)
        snprintf(why, SCRIPT_WHY_SIZE, "failed: connection to the database lost");
    else if (position)
        snprintf(why, SCRIPT_WHY_SIZE, "failed at line %d: %s", line_of(text, position),
                 message ? message : "");
    else
        snprintf(why, SCRIPT_WHY_SIZE, "failed: %s", message ? message : "");
    PQclear(result);
    return err;
}

enum err script_run_file(struct db_conn *c, const char *folder, const char *name,
                         char why[static SCRIPT_WHY_SIZE])
{
    struct buf text;
    enum err err = ERR_NOT_FOUND;
    buf_init(&text, SCRIPT_MAX);
    if (script_read(folder, name, &text))
        err = script_run(c, text.data, why);
    else
        snprintf(why, SCRIPT_WHY_SIZE, "cannot be read, is empty or over 1 MB");
    buf_release(&text);
    return err;
}
