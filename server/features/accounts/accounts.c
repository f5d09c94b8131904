#include "features/accounts/accounts.h"
#include <string.h>

#define CODE_DIGITS 6

static const struct {
    const char *word, *via;
    int64_t lifetime_s;
} purposes[] = {
    [LINK_SIGN_IN] = {"sign_in", "sign_in", 15 * 60},
    [LINK_INVITE] = {"invite", "invite", 7 * 24 * 3600},
    [LINK_PASSWORD] = {"password", "password_link", 3600},
};

const char *link_purpose_word(enum link_purpose purpose)
{
    return purposes[purpose].word;
}

const char *link_purpose_via(enum link_purpose purpose)
{
    return purposes[purpose].via;
}

int64_t link_lifetime_us(enum link_purpose purpose)
{
    return purposes[purpose].lifetime_s * US_PER_S;
}

bool link_purpose_parse(const char *word, enum link_purpose *out)
{
    for (int p = LINK_SIGN_IN; p <= LINK_PASSWORD; p++) {
        if (strcmp(word, purposes[p].word) == 0) {
            *out = (enum link_purpose)p;
            return true;
        }
    }
    return false;
}

enum typed_code code_read(const char *typed, char out[static RECOVERY_LENGTH + 1])
{
    size_t n = 0, digits = 0;
    for (const char *c = typed; *c; c++) {
        if (*c == ' ' || *c == '-')
            continue;
        char lower = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
        bool digit = lower >= '0' && lower <= '9';
        if (n == RECOVERY_LENGTH || !(digit || (lower >= 'a' && lower <= 'z')))
            return TYPED_NO_CODE;
        out[n++] = lower;
        digits += digit;
    }
    out[n] = '\0';
    if (n == RECOVERY_LENGTH)
        return TYPED_RECOVERY;
    return n == CODE_DIGITS && digits == n ? TYPED_DIGITS : TYPED_NO_CODE;
}

int64_t code_wait_us(int64_t wrong)
{
    const int64_t minute = 60 * US_PER_S;
    if (wrong < WRONG_CODES_FREE)
        return 0;
    int64_t doublings = wrong - WRONG_CODES_FREE;
    return doublings < 6 ? minute << doublings : 60 * minute;
}

static const struct {
    unsigned role;
    const char *word;
} role_words[] = {{ROLE_ORGANISER, "organiser"},
                  {ROLE_HOST, "host"},
                  {ROLE_MODERATOR, "moderator"},
                  {ROLE_SPEAKER, "speaker"}};

unsigned role_parse(const char *word)
{
    for (size_t i = 0; i < sizeof role_words / sizeof *role_words; i++)
        if (strcmp(word, role_words[i].word) == 0)
            return role_words[i].role;
    return 0;
}

const char *role_word(unsigned role)
{
    for (size_t i = 0; i < sizeof role_words / sizeof *role_words; i++)
        if (role == role_words[i].role)
            return role_words[i].word;
    return "";
}

unsigned roles_from_json(const json_t *words)
{
    unsigned roles = 0;
    size_t i;
    json_t *word;
    json_array_foreach(words, i, word)
    {
        const char *text = json_string_value(word);
        unsigned role = text ? role_parse(text) : 0;
        if (role == 0 || (roles & role))
            return 0;
        roles |= role;
    }
    return roles;
}
