/* Taking blobs away. Their names go first: between the look at what is referred to and the end of a
 * file something may fail, and then it is put back. */
#include "base/log.h"
#include "blob/blob.h"
#include "blob/store.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool store_parse_hash(const char *text, uint8_t *hash)
{
    if (strlen(text) != BLOB_HASH_TEXT - 1)
        return false;
    for (int i = 0; i < BLOB_HASH_SIZE; i++) {
        int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        hash[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

void store_aside_path(const struct blob_store *s, const uint8_t *hash, char path[static PATH_MAX])
{
    char text[BLOB_HASH_TEXT];
    blob_hash_text(hash, text);
    snprintf(path, PATH_MAX, "%s/%s", s->aside, text);
}

static enum err outcome(int rc, const char *doing)
{
    if (rc == 0)
        return ERR_OK;
    return errno == ENOENT ? ERR_NOT_FOUND : store_err(doing);
}

enum err blob_set_aside(struct blob_store *s, const uint8_t hash[static BLOB_HASH_SIZE])
{
    char path[PATH_MAX], aside[PATH_MAX];
    if (s->s3)
        return remote_set_aside(s, hash);
    store_path(s, hash, true, path);
    store_aside_path(s, hash, aside);
    return outcome(rename(path, aside), "set aside");
}

enum err blob_put_back(struct blob_store *s, const uint8_t hash[static BLOB_HASH_SIZE])
{
    char path[PATH_MAX], aside[PATH_MAX];
    if (s->s3)
        return remote_put_back(s, hash);
    store_path(s, hash, true, path);
    store_aside_path(s, hash, aside);
    return outcome(rename(aside, path), "put back");
}

enum err blob_remove_aside(struct blob_store *s, const uint8_t hash[static BLOB_HASH_SIZE])
{
    char aside[PATH_MAX];
    if (s->s3)
        return remote_remove_aside(s, hash);
    store_aside_path(s, hash, aside);
    return outcome(unlink(aside), "remove");
}

void store_list_folder(const char *folder, void (*seen)(void *arg, const uint8_t *hash), void *arg)
{
    uint8_t hash[BLOB_HASH_SIZE];
    DIR *dir = opendir(folder);
    if (!dir) {
        if (errno != ENOENT)
            log_error("blob.disk", "{s:s,s:s}", "doing", "list", "why", strerror(errno));
        return;
    }
    for (const struct dirent *entry; (entry = readdir(dir));)
        if (store_parse_hash(entry->d_name, hash))
            seen(arg, hash);
    closedir(dir);
}

/* What the folder keeps of a store is looked through, too: what others removed goes from here. */
void blob_list(struct blob_store *s, uint8_t shelf, blob_seen *seen, void *arg)
{
    char folder[PATH_MAX], under[3];
    if (s->s3) {
        snprintf(under, sizeof under, "%02x", shelf);
        remote_list(s, under, seen, arg);
    }
    store_path(s, (uint8_t[BLOB_HASH_SIZE]){shelf}, false, folder);
    store_list_folder(folder, seen, arg);
}

static void put_one_back(void *arg, const uint8_t hash[static BLOB_HASH_SIZE])
{
    enum err err = blob_put_back(arg, hash);
    if (err && err != ERR_NOT_FOUND) /* another server was faster */
        log_error("blob.put_back", "{}");
}

void store_put_all_back(struct blob_store *s)
{
    if (s->s3)
        remote_list(s, "aside", put_one_back, s);
    else
        store_list_folder(s->aside, put_one_back, s);
}
