/* Ends live sessions that nobody is in, every few seconds. */
#ifndef AMPHI_FEATURES_SESSIONS_FORGOTTEN_H
#define AMPHI_FEATURES_SESSIONS_FORGOTTEN_H

struct app;

/* Main thread, about once a second. */
void forgotten_tick(struct app *app);

#endif
