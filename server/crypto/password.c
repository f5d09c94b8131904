#include "base/json.h"
#include "crypto/crypto.h"
#include <pthread.h>
#include <sodium.h>
#include <string.h>

#define COST_OPERATIONS 3
#define COST_BYTES      (64ULL << 20)
#define AT_ONCE         2

_Static_assert(PASSWORD_HASH_SIZE >= crypto_pwhash_STRBYTES, "password hash");

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t freed = PTHREAD_COND_INITIALIZER;
static int running;

/* Memory stays bounded however many sign-ins arrive: further callers wait here. */
static void slot_take(void)
{
    pthread_mutex_lock(&lock);
    while (running >= AT_ONCE)
        pthread_cond_wait(&freed, &lock);
    running++;
    pthread_mutex_unlock(&lock);
}

static void slot_free(void)
{
    pthread_mutex_lock(&lock);
    running--;
    pthread_cond_signal(&freed);
    pthread_mutex_unlock(&lock);
}

enum err password_hash(const char *password, char out[static PASSWORD_HASH_SIZE])
{
    size_t len = strlen(password);
    if (len > PASSWORD_MAX_BYTES || utf8_length(password) < PASSWORD_MIN_CHARS)
        return ERR_INVALID;
    slot_take();
    int rc = crypto_pwhash_str(out, password, len, COST_OPERATIONS, COST_BYTES);
    slot_free();
    return rc == 0 ? ERR_OK : ERR_BUSY; /* the only cause is memory */
}

/* A hash of nothing that anybody knows, of the same cost as real ones. */
static const char *nobodys_hash(void)
{
    static pthread_mutex_t once = PTHREAD_MUTEX_INITIALIZER;
    static char hash[PASSWORD_HASH_SIZE];
    pthread_mutex_lock(&once);
    if (!hash[0]) {
        char secret[TOKEN_TEXT_SIZE];
        uint8_t unused[TOKEN_HASH_SIZE];
        token_new(secret, unused);
        if (password_hash(secret, hash) != ERR_OK)
            hash[0] = '\0';
    }
    pthread_mutex_unlock(&once);
    return hash;
}

bool password_verify(const char *hash, const char *password)
{
    size_t len = strlen(password);
    const char *against = hash ? hash : nobodys_hash();
    if (len > PASSWORD_MAX_BYTES || !against[0])
        return false;
    slot_take();
    int rc = crypto_pwhash_str_verify(against, password, len);
    slot_free();
    return hash && rc == 0;
}
