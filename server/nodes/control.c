#include "nodes/control.h"
#include "base/mem.h"
#include <stdlib.h>
#include <string.h>

void control_release(struct control *control)
{
    free(control->seen);
    *control = (struct control){0};
}

/* Where the id is, or belongs; nearly always near the end. */
static size_t place_of(const struct control *control, int64_t id)
{
    size_t low = 0, high = control->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (control->seen[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool control_is_new(struct control *control, int64_t id)
{
    size_t at = place_of(control, id);
    if (at < control->n && control->seen[at] == id)
        return false;
    if (control->n == control->cap) {
        control->cap = control->cap ? control->cap * 2 : 64;
        control->seen = mem_resize(control->seen, control->cap * sizeof *control->seen);
    }
    if (at < control->n)
        memmove(control->seen + at + 1, control->seen + at,
                (control->n - at) * sizeof *control->seen);
    control->seen[at] = id;
    control->n++;
    return true;
}

void control_forget_before(struct control *control, int64_t first)
{
    size_t gone = place_of(control, first);
    if (gone == 0)
        return;
    memmove(control->seen, control->seen + gone, (control->n - gone) * sizeof *control->seen);
    control->n -= gone;
}
