#include "features/invitations/invitations_bounce.h"
#include <string.h>
#include <strings.h>

#define LINE_SIZE 1024 /* a longer line is looked at by its beginning */

enum part { PART_OTHER, PART_STATUS, PART_RETURNED };

/* What is known of the message that is read. */
struct reading {
    enum part part, next; /* next: of the part whose header is read */
    bool head;            /* in the header of a part */
    bool returned_head;   /* in the header of the message that came back, */
    bool folded_id;       /* whose Message-ID stands on the next line */
    bool failed, permanent;
    char status[16];
    bool has_mail, found;
    struct bounce bounce;
};

/* What stands behind a field's name; NULL: it is another field. */
static const char *value_of(const char *line, const char *name)
{
    size_t n = strlen(name);
    if (strncasecmp(line, name, n) != 0 || line[n] != ':')
        return NULL;
    return line + n + 1 + strspn(line + n + 1, " \t");
}

static bool contains(const char *line, const char *word)
{
    for (; *line; line++)
        if (strncasecmp(line, word, strlen(word)) == 0)
            return true;
    return false;
}

static void read_part_head(struct reading *r, const char *line)
{
    if (!*line) {
        r->head = false;
        r->part = r->next;
        r->returned_head = r->part == PART_RETURNED;
    } else if (contains(line, "message/delivery-status")) {
        r->next = PART_STATUS;
    } else if (contains(line, "message/rfc822") || contains(line, "text/rfc822-headers")) {
        r->next = PART_RETURNED;
    }
}

/* A group of fields is of one recipient; a blank line ends it. */
static void end_group(struct reading *r)
{
    if (r->failed && r->permanent && !r->found) {
        r->found = true;
        memcpy(r->bounce.status, r->status, sizeof r->status);
    }
    r->failed = r->permanent = false;
}

static void read_status(struct reading *r, const char *line)
{
    const char *value;
    if (!*line) {
        end_group(r);
    } else if ((value = value_of(line, "Action"))) {
        r->failed = strncasecmp(value, "failed", 6) == 0;
    } else if ((value = value_of(line, "Status"))) {
        r->permanent = strncmp(value, "5.", 2) == 0;
        snprintf(r->status, sizeof r->status, "%.*s", (int)strspn(value, "0123456789."), value);
    }
}

static void read_id(struct reading *r, const char *value)
{
    char text[ID_TEXT_SIZE];
    const char *open = strchr(value, '<');
    r->folded_id = !*value;
    if (!open || strnlen(open + 1, ID_TEXT_SIZE) < ID_TEXT_SIZE || open[ID_TEXT_SIZE] != '@')
        return;
    memcpy(text, open + 1, ID_TEXT_SIZE - 1);
    text[ID_TEXT_SIZE - 1] = 0;
    r->has_mail = r->has_mail || id_parse(text, &r->bounce.mail);
}

static void read_returned(struct reading *r, const char *line)
{
    const char *value = value_of(line, "Message-ID");
    if (!*line)
        r->returned_head = false;
    else if (r->folded_id || value)
        read_id(r, value ? value : line);
}

static void read_line(struct reading *r, const char *line)
{
    if (strncmp(line, "--", 2) == 0) {
        end_group(r);
        *r = (struct reading){
            .head = true, .has_mail = r->has_mail, .found = r->found, .bounce = r->bounce};
    } else if (r->head) {
        read_part_head(r, line);
    } else if (r->part == PART_STATUS) {
        read_status(r, line);
    } else if (r->part == PART_RETURNED && r->returned_head && !r->has_mail) {
        read_returned(r, line);
    }
}

struct mailbox {
    struct reading now;
    bool any; /* a line of a message was read */
    enum err (*each)(void *arg, const struct bounce *bounce);
    void *arg;
    struct bounce_counts *counts;
};

static enum err end_message(struct mailbox *m)
{
    end_group(&m->now);
    bool told = m->now.found && m->now.has_mail;
    const struct bounce bounce = m->now.bounce;
    m->counts->messages += m->any;
    m->counts->failed += told;
    m->now = (struct reading){0};
    m->any = false;
    return told ? m->each(m->arg, &bounce) : ERR_OK;
}

enum err bounces_read(FILE *file, enum err (*each)(void *arg, const struct bounce *bounce),
                      void *arg, struct bounce_counts *counts)
{
    struct mailbox m = {.each = each, .arg = arg, .counts = counts};
    char line[LINE_SIZE];
    bool begins = true, blank = true; /* of the line, and the one before it */
    enum err err = ERR_OK;
    *counts = (struct bounce_counts){0};
    while (err == ERR_OK && fgets(line, sizeof line, file)) {
        bool whole = strchr(line, '\n') != NULL;
        line[strcspn(line, "\r\n")] = 0;
        if (begins && blank && strncmp(line, "From ", 5) == 0)
            err = end_message(&m);
        else if (begins)
            read_line(&m.now, line);
        m.any = m.any || strncmp(line, "From ", 5) != 0;
        blank = begins && whole && !*line;
        begins = whole;
    }
    if (err == ERR_OK)
        err = ferror(file) ? ERR_INTERNAL : end_message(&m);
    return err;
}
