/* A database that is not on this machine is spoken to by TLS only, with its name verified. */
#include "db/conn.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEEDED CONN_TLS_MODE

static bool is_loopback(const char *host)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, host, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == IN_LOOPBACKNET;
    return inet_pton(AF_INET6, host, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

/* A folder of sockets, an abstract socket, none (libpq's own socket), or a name of this machine. */
static bool is_local(const char *host)
{
    return !*host || *host == '/' || *host == '@' || strcmp(host, "localhost") == 0 ||
           is_loopback(host);
}

/* Takes the first entry of a comma-separated list; false at its end. */
static bool next_of(const char **list, char *entry, size_t size)
{
    if (!*list)
        return false;
    size_t len = strcspn(*list, ",");
    snprintf(entry, size, "%.*s", (int)len, *list);
    *list = (*list)[len] ? *list + len + 1 : NULL;
    return true;
}

/* The first server of both lists that is not on this machine. An address counts before the name
 * that stands beside it. */
static bool find_remote(const char *hosts, const char *addresses, char *remote, size_t size)
{
    char host[256], address[256];
    bool more = true;
    while (more) {
        host[0] = address[0] = '\0';
        bool has_host = next_of(&hosts, host, sizeof host);
        bool has_address = next_of(&addresses, address, sizeof address);
        more = has_host || has_address;
        snprintf(remote, size, "%s", *address ? address : host);
        if (!is_local(remote))
            return true;
    }
    return false;
}

static const char *value_of(const PQconninfoOption *options, const char *keyword)
{
    for (; options && options->keyword; options++)
        if (strcmp(options->keyword, keyword) == 0)
            return options->val ? options->val : "";
    return "";
}

/* Whether somebody asked for this mode; libpq does not tell its default from a wish. */
static bool is_wished(const char *url, const char *mode)
{
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    const char *environment = getenv("PGSSLMODE");
    bool wished = strcmp(value_of(options, "sslmode"), mode) == 0 ||
                  (environment && strcmp(environment, mode) == 0);
    PQconninfoFree(options);
    return wished;
}

enum conn_tls conn_tls(const PQconninfoOption *options, const char *url, char *why, size_t why_size)
{
    char host[256];
    const char *mode = value_of(options, "sslmode");
    enum conn_tls outcome = CONN_TLS_FINE;
    if (strcmp(mode, NEEDED) != 0 &&
        find_remote(value_of(options, "host"), value_of(options, "hostaddr"), host, sizeof host)) {
        outcome =
            strcmp(mode, "prefer") != 0 || is_wished(url, mode) ? CONN_TLS_WEAK : CONN_TLS_UNSAID;
        snprintf(why, why_size,
                 "%s is not this machine, and sslmode=%s is weaker than the sslmode=" NEEDED
                 " that it needs",
                 host, mode);
    }
    return outcome;
}
