/* The peer of the vote figures: what the database takes when a plain libpq program sends the same
 * upserts in the same batches, each its own transaction, one after the other; or, with a spread,
 * whatever is due by then.
 *   votes_pg CONNINFO SQL_FILE SESSION POLL BATCH SPREAD_MS < registrations, one id a line
 * Writes {"votes":n,"counted":n,"seconds":s,"p99_ms":from when a vote was due to its commit}. The
 * SQL is the server's own text; it is given. */
#include <arpa/inet.h>
#include <endian.h>
#include <libpq-fe.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PG_EPOCH_S    946684800LL /* 2000-01-01 as Unix time */
#define ID_SIZE       16
#define BATCH_MAX     500
#define ARRAY_HEAD    20
#define ELEMENT_MAX   (4 + ID_SIZE)
#define SQL_MAX       65536
#define OID_INT8      20
#define OID_TIMESTAMP 1184
#define OID_UUID      2950

typedef unsigned char id[ID_SIZE];
struct array {
    unsigned char bytes[ARRAY_HEAD + BATCH_MAX * ELEMENT_MAX];
    size_t len;
};

static void die(const char *what, const char *why)
{
    fprintf(stderr, "votes_pg: %s: %s\n", what, why);
    exit(1);
}

static void id_read(const char *text, unsigned char *out)
{
    size_t n = 0;
    unsigned byte;
    while (n < ID_SIZE && sscanf(text, "%2x", &byte) == 1) {
        out[n++] = (unsigned char)byte;
        text += text[2] == '-' ? 3 : 2;
    }
    if (n < ID_SIZE)
        die("not an id", text);
}

static void put32(struct array *a, uint32_t value)
{
    value = htonl(value);
    memcpy(a->bytes + a->len, &value, 4);
    a->len += 4;
}

/* One-dimensional, in PostgreSQL's binary form. */
static void array_begin(struct array *a, uint32_t element, size_t n)
{
    a->len = 0;
    put32(a, 1);
    put32(a, 0);
    put32(a, element);
    put32(a, (uint32_t)n);
    put32(a, 1);
}

static void array_add(struct array *a, const void *bytes, size_t len)
{
    put32(a, (uint32_t)len);
    memcpy(a->bytes + a->len, bytes, len);
    a->len += len;
}

static PGresult *checked(PGconn *c, PGresult *r)
{
    if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
        die("statement", PQerrorMessage(c));
    return r;
}

static void command(PGconn *c, const char *sql)
{
    PQclear(checked(c, PQexec(c, sql)));
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int64_t pg_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (t.tv_sec - PG_EPOCH_S) * 1000000 + t.tv_nsec / 1000;
}

/* How many of the batch were new. */
static int send_batch(PGconn *c, const id session, const id poll, id *people, size_t n)
{
    static struct array polls, persons, choices, times;
    int64_t choice = (int64_t)htobe64(1), at = (int64_t)htobe64((uint64_t)pg_now());
    array_begin(&polls, OID_UUID, n);
    array_begin(&persons, OID_UUID, n);
    array_begin(&choices, OID_INT8, n);
    array_begin(&times, OID_TIMESTAMP, n);
    for (size_t i = 0; i < n; i++) {
        array_add(&polls, poll, ID_SIZE);
        array_add(&persons, people[i], ID_SIZE);
        array_add(&choices, &choice, sizeof choice);
        array_add(&times, &at, sizeof at);
    }
    const char *values[] = {(const char *)session, (char *)polls.bytes, (char *)persons.bytes,
                            (char *)choices.bytes, (char *)times.bytes};
    int lengths[] = {ID_SIZE, (int)polls.len, (int)persons.len, (int)choices.len, (int)times.len};
    int formats[] = {1, 1, 1, 1, 1};
    command(c, "BEGIN");
    PGresult *r = checked(c, PQexecPrepared(c, "votes", 5, values, lengths, formats, 0));
    int counted = PQntuples(r);
    PQclear(r);
    command(c, "COMMIT");
    return counted;
}

static PGconn *begin(const char *conninfo, const char *sql_file)
{
    static char sql[SQL_MAX];
    FILE *f = fopen(sql_file, "r");
    if (!f || fread(sql, 1, sizeof sql - 1, f) == 0)
        die(sql_file, "cannot be read");
    fclose(f);
    PGconn *c = PQconnectdb(conninfo);
    if (PQstatus(c) != CONNECTION_OK)
        die("connect", PQerrorMessage(c));
    command(c, "SET synchronous_commit = on");
    PQclear(checked(c, PQprepare(c, "votes", sql, 0, NULL)));
    return c;
}

static size_t read_people(id **people)
{
    size_t n = 0, cap = 0;
    char line[64];
    while (fgets(line, sizeof line, stdin)) {
        if (n == cap) {
            cap = cap ? cap * 2 : 1024;
            *people = realloc(*people, cap * sizeof **people);
            if (!*people)
                die("memory", "none");
        }
        id_read(line, (*people)[n++]);
    }
    return n;
}

/* How many votes are due at a time; waits for the first. */
static size_t due(size_t sent, size_t n, double start, double spread)
{
    double at = start + spread * (double)sent / (double)n - now();
    if (at > 0)
        nanosleep(
            &(struct timespec){.tv_sec = (time_t)at, .tv_nsec = (long)(at * 1e9) % 1000000000},
            NULL);
    size_t all = (size_t)((now() - start) / spread * (double)n) + 1;
    return (all < n ? all : n) - sent;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    size_t batch = argc == 7 ? (size_t)atoi(argv[5]) : 0;
    if (batch < 1 || batch > BATCH_MAX)
        die("usage", "CONNINFO SQL_FILE SESSION POLL BATCH SPREAD_MS, BATCH at most 500");
    double spread = atof(argv[6]) / 1000;
    PGconn *c = begin(argv[1], argv[2]);
    id session, poll, *people = NULL;
    id_read(argv[3], session);
    id_read(argv[4], poll);
    size_t n = read_people(&people), counted = 0;
    double *late = malloc((n + 1) * sizeof *late), start = now();
    for (size_t i = 0, m; i < n; i += m) {
        m = spread > 0 ? due(i, n, start, spread) : n - i;
        m = m < batch ? m : batch;
        counted += (size_t)send_batch(c, session, poll, people + i, m);
        for (size_t k = i; k < i + m; k++)
            late[k] = now() - start - spread * (double)k / (double)n;
    }
    double seconds = now() - start;
    qsort(late, n, sizeof *late, by_size);
    printf("{\"votes\":%zu,\"counted\":%zu,\"seconds\":%.6f,\"p99_ms\":%.3f}\n", n, counted,
           seconds, n ? late[(n - 1) * 99 / 100] * 1000 : 0);
    PQfinish(c);
    free(people);
    free(late);
    return 0;
}
