/* Representatives who give registration links out, and see on a page of their own who came by them:
 * names, registration, attendance and completion, and nobody else's. The page is open to whoever
 * has its secret, which is mailed to them alone. The registration page of their link says that they
 * see it (link_representative(), migration 0086). */
#ifndef AMPHI_FEATURES_REPRESENTATIVES_H
#define AMPHI_FEATURES_REPRESENTATIVES_H

extern const struct feature representatives_feature;

#endif
