#include "base/err.h"

static const struct {
    const char *code;
    int status;
} outcomes[] = {
    [ERR_OK] = {"ok", 200},
    [ERR_INVALID] = {"request.invalid", 422},
    [ERR_TOO_LARGE] = {"request.too_large", 413},
    [ERR_UNAUTHENTICATED] = {"auth.required", 401},
    [ERR_FORBIDDEN] = {"auth.forbidden", 403},
    [ERR_NOT_FOUND] = {"not_found", 404},
    [ERR_CONFLICT] = {"conflict", 409},
    [ERR_RATE] = {"rate.limited", 429},
    [ERR_BUSY] = {"server.busy", 503},
    [ERR_UPGRADING] = {"server.upgrading", 503},
    [ERR_RETRY] = {"server.busy", 503},
    [ERR_INTERNAL] = {"server.error", 500},
};

static unsigned known(enum err err)
{
    unsigned n = sizeof outcomes / sizeof *outcomes;
    return (unsigned)err < n ? (unsigned)err : (unsigned)ERR_INTERNAL;
}

const char *err_code(enum err err)
{
    return outcomes[known(err)].code;
}

int err_status(enum err err)
{
    return outcomes[known(err)].status;
}
