#include "crypto/common.h"
#include "crypto/crypto.h"
#include <ctype.h>
#include <string.h>

/* The 10,000 most used and all of 12 characters or more of the 30,000 most used, from zxcvbn 4.4.2
 * (MIT licence, Dan Wheeler and Dropbox, Inc.): lower case, in the order of their bytes, one a
 * line. */
__asm__(".section .rodata\n"
        ".global common_passwords, common_passwords_end\n"
        "common_passwords:\n"
        ".incbin \"server/crypto/common_passwords.txt\"\n"
        "common_passwords_end:\n"
        ".previous\n");
extern const char common_passwords[], common_passwords_end[];

/* The line that begins at `line` beside text: as strcmp() says. */
static int compare_line(const char *text, size_t len, const char *line, size_t line_len)
{
    int order = memcmp(text, line, len < line_len ? len : line_len);
    return order ? order : (len > line_len) - (len < line_len);
}

static bool in_list(const char *text, size_t len)
{
    const char *low = common_passwords, *high = common_passwords_end;
    while (low < high) {
        const char *line = low + (high - low) / 2;
        while (line > low && line[-1] != '\n')
            line--;
        const char *end = memchr(line, '\n', (size_t)(high - line));
        int order = compare_line(text, len, line, (size_t)(end - line));
        if (order == 0)
            return true;
        if (order < 0)
            high = line;
        else
            low = end + 1;
    }
    return false;
}

/* "abcabcabcabc", "motdepassemotdepasse". */
static bool repeats(const char *text, size_t len)
{
    for (size_t unit = 1; unit <= len / 2; unit++)
        if (len % unit == 0 && memcmp(text, text + unit, len - unit) == 0)
            return unit <= 4 || in_list(text, unit);
    return false;
}

/* "abcdefghijkl", "987654321098". */
static bool is_sequence(const char *text, size_t len)
{
    int up = 0, down = 0;
    for (size_t i = 1; i < len; i++) {
        int step = text[i] - text[i - 1];
        up += step == 1 || (text[i - 1] == '9' && text[i] == '0');
        down += step == -1 || (text[i - 1] == '0' && text[i] == '9');
    }
    return up == (int)len - 1 || down == (int)len - 1;
}

bool password_is_common(const char *password, const char *email)
{
    char text[PASSWORD_MAX_BYTES + 1];
    size_t len = strnlen(password, PASSWORD_MAX_BYTES);
    for (size_t i = 0; i < len; i++)
        text[i] = (char)tolower((unsigned char)password[i]);
    if (len < 2 || in_list(text, len) || repeats(text, len) || is_sequence(text, len))
        return true;
    const char *core = text, *end = text + len;
    while (core < end && isascii((unsigned char)*core) && !isalpha((unsigned char)*core))
        core++;
    while (end > core && isascii((unsigned char)end[-1]) && !isalpha((unsigned char)end[-1]))
        end--;
    size_t core_len = (size_t)(end - core), local = strcspn(email, "@");
    return core_len == 0 || in_list(core, core_len) ||
           (core_len == local && memcmp(core, email, local) == 0);
}
