#include "db/conn.h"
#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void db_result_free(struct db_result *r)
{
    if (!r)
        return;
    if (r->waits) { /* freed by what fills it */
        r->dropped = true;
        return;
    }
    PQclear(r->pg);
    free(r);
}

enum err db_err(const struct db_result *r)
{
    return r->err;
}

const char *db_constraint(const struct db_result *r)
{
    const char *name = r->pg ? PQresultErrorField(r->pg, PG_DIAG_CONSTRAINT_NAME) : NULL;
    return name ? name : "";
}

int db_rows(const struct db_result *r)
{
    return r->pg ? PQntuples(r->pg) : 0;
}

static bool inside(const struct db_result *r, int row, int col)
{
    assert(row >= 0 && col >= 0);
    return r->pg && row < PQntuples(r->pg) && col < PQnfields(r->pg);
}

bool db_null(const struct db_result *r, int row, int col)
{
    return !inside(r, row, col) || PQgetisnull(r->pg, row, col);
}

const char *db_text(const struct db_result *r, int row, int col)
{
    return inside(r, row, col) ? PQgetvalue(r->pg, row, col) : "";
}

size_t db_text_len(const struct db_result *r, int row, int col)
{
    return inside(r, row, col) ? (size_t)PQgetlength(r->pg, row, col) : 0;
}

int64_t db_int(const struct db_result *r, int row, int col)
{
    return strtoll(db_text(r, row, col), NULL, 10);
}

bool db_bool(const struct db_result *r, int row, int col)
{
    return db_text(r, row, col)[0] == 't';
}

struct id db_id(const struct db_result *r, int row, int col)
{
    struct id id = {{0}};
    if (!id_parse(db_text(r, row, col), &id))
        id = (struct id){{0}};
    return id;
}

/* Days since 1970-01-01 of the proleptic Gregorian calendar. */
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static int digits(const char **at, int64_t *value)
{
    int n = 0;
    for (*value = 0; isdigit((unsigned char)**at) && n < 9; n++)
        *value = *value * 10 + (*(*at)++ - '0');
    return n;
}

/* "2026-11-21 20:30:00.123456+00": ISO style and UTC were set when the connection was opened. */
int64_t db_time(const struct db_result *r, int row, int col)
{
    const char *at = db_text(r, row, col);
    int64_t part[6], micros = 0;
    if (*at == 'i')
        return INT64_MAX; /* infinity */
    for (int i = 0; i < 6; i++) {
        if (!digits(&at, &part[i]))
            return 0;
        if (i < 5 && *at++ != (i < 2 ? '-' : i == 2 ? ' ' : ':'))
            return 0;
    }
    if (*at == '.') {
        at++;
        for (int n = digits(&at, &micros); n < 6; n++)
            micros *= 10;
    }
    int64_t days = days_from_civil(part[0], part[1], part[2]);
    return ((days * 24 + part[3]) * 60 + part[4]) * 60000000 + part[5] * 1000000 + micros;
}

size_t db_bytes(const struct db_result *r, int row, int col, void *out, size_t max)
{
    const char *text = db_text(r, row, col);
    if (text[0] != '\\' || text[1] != 'x')
        return 0;
    size_t len = (db_text_len(r, row, col) - 2) / 2;
    for (size_t i = 0; i < len && i < max; i++) {
        char pair[3] = {text[2 + 2 * i], text[3 + 2 * i], 0};
        ((unsigned char *)out)[i] = (unsigned char)strtoul(pair, NULL, 16);
    }
    return len < max ? len : max;
}

json_t *db_json(const struct db_result *r, int row, int col)
{
    if (db_null(r, row, col))
        return NULL;
    /* The database wrote it, so the limits for peers do not apply. */
    return json_loadb(db_text(r, row, col), db_text_len(r, row, col),
                      JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
}
