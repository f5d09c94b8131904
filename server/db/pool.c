#include "db/pool.h"

struct rules {
    int workers; /* 0: by the configuration */
    size_t queue_limit;
    bool waits_long, shared_out;
};

static const struct rules rules[DB_POOLS] = {
    [DB_SHORT] = {.queue_limit = 2048},
    [DB_HOT] = {.queue_limit = 4096},
    [DB_LONG] = {.queue_limit = 32, .waits_long = true, .shared_out = true},
    [DB_UPLOAD] = {.workers = 2, .queue_limit = 32, .waits_long = true, .shared_out = true},
    /* What jobs/ asks for waits in the database: here only its slots do. */
    [DB_RENDER] = {.queue_limit = 64},
    [DB_JOB] = {.workers = 2, .queue_limit = 64},
    [DB_PASSWORD] = {.workers = 2, .queue_limit = 8},
    [DB_PROVIDER] = {.queue_limit = 64, .waits_long = true},
};

static int at_least_one(int workers)
{
    return workers < 1 ? 1 : workers;
}

int pool_workers(enum db_pool pool, const struct db_config *config)
{
    switch (pool) {
    case DB_SHORT:
        return at_least_one(config->short_);
    case DB_HOT:
        return at_least_one(config->hot);
    case DB_LONG:
        return at_least_one(config->long_);
    case DB_RENDER:
        return config->render;
    case DB_PROVIDER:
        return config->provider;
    default:
        return rules[pool].workers;
    }
}

size_t pool_queue_limit(enum db_pool pool)
{
    return rules[pool].queue_limit;
}

bool pool_waits_long(enum db_pool pool)
{
    return rules[pool].waits_long;
}

bool db_is_shared_out(enum db_pool pool)
{
    return rules[pool].shared_out;
}

int db_share(int workers)
{
    return workers > 1 ? workers - 1 : 1;
}
