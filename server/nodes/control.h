/* Which rows of the control log were seen. Transactions commit in another order than they began, so
 * a reading has what the oldest one that was open at the last reading, or a later one, logged; what
 * was seen is passed over. Plain memory; one owner. */
#ifndef AMPHI_NODES_CONTROL_H
#define AMPHI_NODES_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct control {
    int64_t *seen; /* ids of the last reading, ascending */
    size_t n, cap;
};

void control_release(struct control *control);
/* True the first time. Ids of one reading come in ascending order. */
bool control_is_new(struct control *control, int64_t id);
/* A reading began with the row `first`: what is before it will not come again. */
void control_forget_before(struct control *control, int64_t first);

#endif
