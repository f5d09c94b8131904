#include "nodes/horizons.h"

void horizons_keep(struct horizons *h, int64_t horizon, int64_t now)
{
    if (h->n && now - h->kept[(h->n - 1) % HORIZONS_KEPT].at < US_PER_S)
        return;
    unsigned i = h->n++ % HORIZONS_KEPT;
    h->kept[i].at = now;
    h->kept[i].horizon = horizon;
}

int64_t horizons_heard(const struct horizons *h, int64_t now)
{
    for (unsigned i = h->n; i > 0 && h->n - i < HORIZONS_KEPT; i--)
        if (now - h->kept[(i - 1) % HORIZONS_KEPT].at >= HORIZON_US)
            return h->kept[(i - 1) % HORIZONS_KEPT].horizon;
    return 0;
}
