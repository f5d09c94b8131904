/* Structured log: one JSON line an event on standard output, written whole (one mutex, one write).
 * Fields are given as a jansson pack format: log_info("http.reply", "{s:s,s:i}", "request", id,
 * "status", 200). Never log personal data beyond ids, never a token or a cookie. Any thread. */
#ifndef AMPHI_BASE_LOG_H
#define AMPHI_BASE_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_set_level(enum log_level least);
/* Where lines go; the default is 1 (standard output). */
void log_set_fd(int fd);
void log_line(enum log_level level, const char *event, const char *pack, ...);

#define log_debug(event, ...) log_line(LOG_DEBUG, event, __VA_ARGS__)
#define log_info(event, ...)  log_line(LOG_INFO, event, __VA_ARGS__)
#define log_warn(event, ...)  log_line(LOG_WARN, event, __VA_ARGS__)
#define log_error(event, ...) log_line(LOG_ERROR, event, __VA_ARGS__)

#endif
