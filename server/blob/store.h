/* Where the blobs are, as the files of blob/ share it: <folder>/ab/abcd… (hex of the hash);
 * unfinished files are in <folder>/tmp, or <folder>/tmp/<node> where several servers share the
 * folder, and belong to nobody after a crash; <folder>/aside/abcd… are about to be removed, are
 * still found, and have their names back after a crash. With s3 the same names are in the store,
 * and the folder keeps what was read or written last, up to a bound (remote.c). Private to blob/.
 */
#ifndef AMPHI_BLOB_STORE_H
#define AMPHI_BLOB_STORE_H

#include "base/err.h"
#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct s3;

struct blob_store {
    char *folder, *aside;
    char *drafts;  /* unfinished blobs: on the same disk as the folder */
    char *temp;    /* other files, always on this machine */
    bool shared;   /* by servers: what one of them set aside the others still find */
    struct s3 *s3; /* NULL: the folder is the store */
    uint64_t keep_most;
    _Atomic uint64_t kept; /* bytes in the folder, about */
    struct blob_cache *cache;
    uint64_t floor;
    _Atomic uint64_t promised; /* to drafts, for what they have not written yet */
};

/* drafts NULL: in the folder, as temp NULL. NULL with errno. */
struct blob_store *store_open(const char *folder, const char *drafts, const char *temp,
                              size_t cache_bytes);
/* The path of a blob, or of its folder. */
void store_path(const struct blob_store *s, const uint8_t *hash, bool file,
                char path[static PATH_MAX]);
/* Logs errno and says what it means to the caller. */
enum err store_err(const char *doing);
void store_put_all_back(struct blob_store *s);
void store_aside_path(const struct blob_store *s, const uint8_t *hash, char path[static PATH_MAX]);
/* Gives a finished file in drafts its name in the folder. */
enum err store_publish(struct blob_store *s, const char *tmp, const uint8_t *hash);
/* Calls seen with the blobs of a folder. */
void store_list_folder(const char *folder, void (*seen)(void *arg, const uint8_t *hash), void *arg);
bool store_parse_hash(const char *text, uint8_t *hash); /* false: no name of a blob */
bool store_has_room(void *store, uint64_t bytes);

/* --- with s3 (remote.c) --- */
/* What is in the folder from before counts. */
void remote_begin(struct blob_store *s, uint64_t keep_most);
enum err remote_seal(struct blob_store *s, int fd, size_t len, const uint8_t *hash);
/* It is there still, or again: somebody may have removed it before it was held. */
enum err remote_keep(struct blob_store *s, int fd, size_t len, const uint8_t *hash);
/* A descriptor, or -1 with errno, which is EAGAIN when the store is away. */
int remote_open(struct blob_store *s, const uint8_t *hash);
/* A file of the folder is about to be added. */
void remote_added(struct blob_store *s, uint64_t bytes);
enum err remote_set_aside(struct blob_store *s, const uint8_t *hash);
enum err remote_put_back(struct blob_store *s, const uint8_t *hash);
enum err remote_remove_aside(struct blob_store *s, const uint8_t *hash);
/* Those in the store alone. under: "ab", or "aside". */
void remote_list(struct blob_store *s, const char *under,
                 void (*seen)(void *arg, const uint8_t *hash), void *arg);

#endif
