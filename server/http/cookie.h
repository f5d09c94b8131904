/* Reads cookies out of a Cookie header. The name must match exactly: "xsid" is not "sid". A name
 * given twice is an error, because someone else may have planted one. Pure; any thread. */
#ifndef AMPHI_HTTP_COOKIE_H
#define AMPHI_HTTP_COOKIE_H

#include "base/err.h"
#include "base/identity.h"
#include <stddef.h>

/* The cookies of sign-ins, one for each side. */
#define HTTP_COOKIE     "__Host-amphi"
#define HTTP_COOKIE_HCP "__Host-amphi-hcp"
/* Of a browser that signs in at a provider before it registers. */
#define HTTP_COOKIE_PROVIDER "__Host-amphi-provider"
extern const char *const sign_in_cookies[SIDES];

/* ERR_OK with the value in out; ERR_NOT_FOUND; ERR_INVALID when it is there twice;
 * ERR_TOO_LARGE when it does not fit size bytes with its NUL. */
enum err cookie_find(const char *header, const char *name, char *out, size_t size) MUST_CHECK;

/* The sign-ins that a browser holds; what has not the form of a token is passed over. False: one
 * of their cookies is there twice. */
bool cookie_sign_ins(const char *header,
                     bool (*token_hash)(const char *text, uint8_t hash[TOKEN_HASH_SIZE]),
                     struct sign_ins *out);

#endif
