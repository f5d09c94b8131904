#include "features/accounts/accounts.h"
#include <string.h>

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
