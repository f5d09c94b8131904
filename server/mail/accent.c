#include "mail/accent.h"
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PRODUCT  "#0b5d59" /* --accent of web/src/ui/tokens.css */
#define READABLE 4.6       /* as web/src/ui/accent.ts has it */
#define STEPS    50        /* from the colour to black */

static bool parse(const char *hex, unsigned rgb[static 3])
{
    if (!hex || strlen(hex) != 7 || hex[0] != '#' || strspn(hex + 1, "0123456789abcdefABCDEF") != 6)
        return false;
    unsigned long value = strtoul(hex + 1, NULL, 16);
    for (int i = 0; i < 3; i++)
        rgb[i] = value >> (16 - 8 * i) & 0xff;
    return true;
}

static double linear(unsigned value)
{
    double v = value / 255.0;
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double luminance(const char *hex)
{
    unsigned rgb[3] = {0};
    parse(hex, rgb);
    return 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2]);
}

double colour_contrast(const char *one, const char *other)
{
    double a = luminance(one), b = luminance(other);
    return (fmax(a, b) + 0.05) / (fmin(a, b) + 0.05);
}

const char *accent_text(char out[static ACCENT_SIZE], const char *colour)
{
    unsigned rgb[3] = {0};
    if (!parse(colour, rgb))
        parse(PRODUCT, rgb);
    for (int left = STEPS; left >= 0; left--) {
        unsigned shade[3];
        for (int i = 0; i < 3; i++)
            shade[i] = (unsigned)lround(rgb[i] * (double)left / STEPS) & 0xff;
        snprintf(out, ACCENT_SIZE, "#%02x%02x%02x", shade[0], shade[1], shade[2]);
        if (colour_contrast(out, "#ffffff") >= READABLE)
            break;
    }
    return out;
}
