/* What other nodes say, as it comes from the bus: whatever it is, it is taken or refused, and
 * nothing is kept. The first byte chooses the kind of message. */
#include "base/app.h"
#include "feature_list.h"
#include "fuzz/fuzz.h"
#include "room/event.h"
#include "room/far.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const kinds[] = {"events", "news", "beat", "control", "else"};
    static const struct id from = {{7}};
    static struct app app; /* without rooms: what was read is freed */
    if (!app.events)
        app.events = event_catalog_new(all_features);
    if (size == 0)
        return 0;
    const char *kind = kinds[data[0] % (sizeof kinds / sizeof *kinds)];
    far_receive(&app, &from, kind, (const char *)data + 1, size - 1);
    return 0;
}
