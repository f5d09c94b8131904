/* A page that tells which servers use the database, for operators: on the port of /metrics, which
 * is this machine's own. Nobody signs in on it: accounts are those of organisations, and no role in
 * one of them may look at the machines of all. */
#ifndef AMPHI_NODES_PAGE_H
#define AMPHI_NODES_PAGE_H

#include "base/app.h"
#include "base/buf.h"

/* /nodes in the browser's language, /nodes/en, /nodes/fr, /nodes.css, /nodes.json. The type of what
 * was written; NULL: no such page. Any thread; asks nobody: what is shown was read some seconds ago
 * at most, and says when. */
const char *nodes_page(struct app *app, const char *path, const char *accept_language,
                       struct buf *out);

#endif
