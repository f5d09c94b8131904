#include "harness/registry_file.h"
#include "base/mix.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define LATER_MOST 64
#define LINE_SIZE  2048

struct making {
    struct registry_file *file;
    FILE *out;
    uint64_t state;
    char later[LATER_MOST][LINE_SIZE]; /* lines that come after other people's */
    int waiting;
};

struct weighted {
    const char *code;
    int weight;
};

static const struct weighted professions[] = {
    {"10", 240}, {"60", 470}, {"21", 75}, {"40", 45}, {"50", 25},
    {"70", 100}, {"80", 15},  {"91", 25}, {"95", 12}, {"94", 14},
    {"96", 14},  {"98", 35},  {"86", 40}, {"26", 5},  {"28", 30},
};
static const struct weighted specialties[] = {
    {"SM54", 250}, {"SM26", 160}, {"SM53", 60}, {"SM04", 35}, {"SM02", 55}, {"SM42", 70},
    {"SM40", 40},  {"SM38", 30},  {"SM08", 25}, {"SM24", 20}, {"SM15", 18}, {"SM41", 17},
    {"SM32", 17},  {"SM36", 8},   {"SM48", 14}, {"SM62", 10}, {"SM30", 9},  {"SM58", 6},
    {"SM27", 12},  {"SM44", 40},  {"SM12", 9},
};
static const struct weighted settings_own[] = {{"SA07", 600}, {"SA08", 300}, {"SA05", 30},
                                               {"SA09", 40},  {"SA52", 20},  {"SA04", 60}};
static const struct weighted settings_employed[] = {
    {"SA01", 560}, {"SA04", 160}, {"SA03", 60}, {"SA17", 60}, {"SA33", 50}, {"SA05", 30},
    {"SA25", 20},  {"SA36", 10},  {"SA32", 6},  {"SA46", 4},  {"SA50", 10}, {"SA41", 30},
};
static const char *const departments[] = {
    "75",  "13", "59", "69", "33", "31", "92", "93",  "94",  "44",  "06",  "34",  "38",
    "67",  "35", "29", "76", "77", "78", "91", "95",  "83",  "62",  "57",  "74",  "42",
    "49",  "54", "56", "14", "2A", "2B", "01", "971", "972", "973", "974", "976", "987",
    "988", "22", "37", "63", "64", "66", "80", "85",  "86",  "87",  "90",
};
static const char *const last_names[] = {"MARTIN",   "LE GALL", "DUPONT-MORETTI", "D'ALMEIDA",
                                         "GARCÍA",   "HÉBERT",  "NGUYEN",         "BÉRANGER",
                                         "O'CONNOR", "LEFÈVRE"};
static const char *const first_names[] = {"ANNE",  "JEAN PIERRE", "ÉLODIE", "MARIE-CLAUDE",
                                          "LOÏC",  "FRANÇOIS",    "ZOÉ",    "KARIM",
                                          "AGNÈS", "YANN"};

#define COUNT(list) (sizeof(list) / sizeof *(list))

static uint64_t draw(struct making *m, uint64_t below)
{
    m->state = mix64(m->state + 0x9e3779b97f4a7c15u);
    return (m->state >> 11) % below;
}

static bool chance(struct making *m, int of_100000)
{
    return draw(m, 100000) < (uint64_t)of_100000;
}

static const char *pick(struct making *m, const struct weighted *list, size_t n)
{
    int sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += list[i].weight;
    int at = (int)draw(m, (uint64_t)sum);
    while (at >= list->weight)
        at -= list++->weight;
    return list->code;
}

struct one {
    char id[16];
    bool adeli;
    const char *profession, *category, *last, *first, *specialty;
    int number;
};

/* The digit that makes Luhn's sum a multiple of ten. */
static void add_check_digit(char id[static 16])
{
    int sum = 0;
    for (int i = 0; i < 10; i++) {
        int twice = 2 * (id[9 - i] - '0');
        sum += i % 2 ? id[9 - i] - '0' : twice > 9 ? twice - 9 : twice;
    }
    id[10] = (char)('0' + (10 - sum % 10) % 10);
    id[11] = '\0';
}

static struct one make_person(struct making *m, int64_t i)
{
    struct one p = {.profession = pick(m, professions, COUNT(professions)), .number = (int)i};
    p.adeli =
        (strcmp(p.profession, "91") == 0 || strcmp(p.profession, "28") == 0) && chance(m, 40000);
    if (p.adeli) {
        snprintf(p.id, sizeof p.id, "%s%s%05d", i % 7 == 0 ? "2A" : "69", p.profession,
                 (int)(i % 100000));
    } else {
        snprintf(p.id, sizeof p.id, "10%08d", (int)(i * 37 % 100000000));
        add_check_digit(p.id);
    }
    p.category = chance(m, 94000) ? "C" : chance(m, 15000) ? "M" : chance(m, 3000) ? "F" : "E";
    p.last = last_names[draw(m, COUNT(last_names))];
    p.first = first_names[draw(m, COUNT(first_names))];
    p.specialty = strcmp(p.profession, "10") == 0 && chance(m, 96000)
                      ? pick(m, specialties, COUNT(specialties))
                  : strcmp(p.profession, "40") == 0 && chance(m, 7000) ? "SCD01"
                                                                       : "";
    return p;
}

/* --- lines --- */

struct line {
    char *text;
    size_t len;
    int column;
    enum registry_layout layout;
};

/* Whether a layout has the column of the list of 56. */
static bool has(enum registry_layout layout, int column)
{
    switch (layout) {
    case LAYOUT_56:
        return true;
    case LAYOUT_55:
        return column != 47;
    case LAYOUT_52:
        return column != 47 && column != 46 && column < 54;
    case LAYOUT_50:
        return column != 47 && column != 46 && column != 50 && column != 51 && column < 54;
    case LAYOUT_NO_SKILLS:
        return column < 13 || column > 16;
    }
    return true;
}

__attribute__((format(printf, 2, 3))) static void cell(struct line *l, const char *format, ...)
{
    va_list ap;
    int column = l->column++;
    if (!has(l->layout, column))
        return;
    va_start(ap, format);
    l->len += (size_t)vsnprintf(l->text + l->len, LINE_SIZE - l->len, format, ap);
    va_end(ap);
    l->text[l->len++] = '|';
}

static void cells(struct line *l, int n)
{
    while (n-- > 0)
        cell(l, "%s", "");
}

static void skills(struct making *m, struct line *l, const struct one *p, int activity)
{
    bool other = activity > 0 && chance(m, 25000); /* a capacity beside the specialty */
    cell(l, "%s", other ? "CAPA" : p->specialty[0] ? "S" : "");
    cell(l, "%s", other ? "Capacité" : p->specialty[0] ? "Spécialité ordinale" : "");
    cell(l, "%s", other ? "CAPA03" : p->specialty);
    cell(l, "%s", other || p->specialty[0] ? "Libellé du savoir-faire" : "");
}

/* Where an activity is: nothing is known of some, others are abroad. */
struct place {
    bool known, own;
    char postcode[16], commune[16];
};

static struct place make_place(struct making *m)
{
    struct place p = {.known = !chance(m, 6000), .own = chance(m, 42000)};
    const char *department = departments[draw(m, chance(m, 60000) ? 12 : COUNT(departments))];
    int commune = (int)draw(m, 90) + 1;
    const char *post = strcmp(department, "2A") == 0   ? "200"
                       : strcmp(department, "2B") == 0 ? "202"
                                                       : department;
    if (!p.known || chance(m, 400))
        return p;
    snprintf(p.postcode, sizeof p.postcode, post[2] ? "%s%02d" : "%s%03d", post, commune);
    if (!chance(m, 2000))
        snprintf(p.commune, sizeof p.commune, department[2] ? "%s%02d" : "%s%03d", department,
                 commune);
    return p;
}

/* An identifier of so many digits. */
static void number(struct making *m, struct line *l, bool known, int digits)
{
    if (known)
        cell(l, "%0*d", digits, (int)draw(m, 1000000000));
    else
        cell(l, "%s", "");
}

static void address(struct making *m, struct line *l, const struct place *p)
{
    cell(l, "%s",
         !p->known ? ""
         : p->own  ? "CABINET DU DOCTEUR"
                   : "CENTRE HOSPITALIER DE LA VILLE");
    cells(l, 3);
    number(m, l, p->known, 1);
    cells(l, 1);
    cell(l, "%s", p->known ? "R" : "");
    cell(l, "%s", p->known ? "Rue" : "");
    cell(l, "%s", p->known ? "DE LA RÉPUBLIQUE" : "");
    cells(l, 1);
    cell(l, "%s%s", p->postcode, p->postcode[0] ? " VILLE" : "");
    cell(l, "%s", p->postcode);
    cell(l, "%s", p->commune);
    cell(l, "%s", p->postcode[0] ? "Une commune" : "");
    cell(l, "%s", !p->known ? "" : p->postcode[0] ? "99000" : "99109");
    cell(l, "%s", !p->known || p->postcode[0] ? "" : "ALLEMAGNE");
    number(m, l, p->known, 10);
    cells(l, 3);
    cells(l, 2); /* the département is empty in all of the file */
}

/* From the mode of exercise to the kind of activity. */
static void structure(struct making *m, struct line *l)
{
    struct place p = make_place(m);
    const char *setting = p.own ? pick(m, settings_own, COUNT(settings_own))
                                : pick(m, settings_employed, COUNT(settings_employed));
    cell(l, "%s", !p.known ? "" : p.own ? "L" : chance(m, 1000) ? "B" : "S");
    cell(l, "%s", !p.known ? "" : p.own ? "Libéral, indépendant, artisan, commerçant" : "Salarié");
    number(m, l, p.known, 14);
    number(m, l, p.known, 9);
    number(m, l, p.known && !p.own, 9);
    number(m, l, p.known && !p.own, 9);
    number(m, l, p.known, 14);
    address(m, l, &p);
    cells(l, 1);
    cell(l, "%s", "CNOM/CNOM/CNOM");
    cell(l, "%s", p.known ? setting : "");
    cell(l, "%s", p.known ? "Libellé du secteur d'activité" : "");
    cells(l, 4);
    cell(l, "%s", p.known ? "GENR01" : "");
    cell(l, "%s", p.known ? "Activité standard de soin ou de pharmacien" : "");
}

static void make_line(struct making *m, const struct one *p, int activity,
                      char text[static LINE_SIZE])
{
    struct line l = {.text = text, .layout = m->file->layout};
    cell(&l, "%d", p->adeli ? 0 : 8);
    cell(&l, "%s", p->id);
    cell(&l, "%d%s", p->adeli ? 0 : 8, p->id);
    cell(&l, "%s", strcmp(p->profession, "10") ? "" : "DR");
    cell(&l, "%s", strcmp(p->profession, "10") ? "" : "Docteur");
    cell(&l, "%s", p->number % 2 ? "MME" : "M");
    cell(&l, "%s", p->number % 2 ? "Madame" : "Monsieur");
    cell(&l, "%s", p->last);
    cell(&l, "%s", p->first);
    cell(&l, "%s", p->profession);
    cell(&l, "%s", "Libellé de la profession");
    cell(&l, "%s", p->category);
    cell(&l, "%s", *p->category == 'C' ? "Civil" : "Autre");
    skills(m, &l, p, activity);
    structure(m, &l);
    if (m->file->no_last_bar)
        l.len--;
    text[l.len] = '\0';
}

/* What is to be refused. */
static void spoil(struct making *m, char text[static LINE_SIZE])
{
    char *id = strchr(text, '|') + 1;
    m->file->bad++;
    switch (draw(m, 6)) {
    case 0:
        text[strlen(text) / 2] = '\0'; /* the file was cut */
        break;
    case 1:
        text[0] = '3'; /* a structure's identifier */
        break;
    case 2:
        *id = 'X';
        break;
    case 3:
        strcat(text, "one more|and one|");
        break;
    case 4:
        memcpy(id, "10003461033", *text == '8' ? 11 : 0); /* does not pass the check */
        if (*text != '8')
            *id = 'X';
        break;
    default:
        *strchr(text, ' ') = '\xe9'; /* Latin-1 */
    }
}

static void put(struct making *m, const char *text)
{
    fputs(text, m->out);
    fputs(m->file->crlf ? "\r\n" : "\n", m->out);
    m->file->made++;
}

static void write_person(struct making *m)
{
    struct one p = make_person(m, m->file->persons++);
    int lines = chance(m, 62000) ? 1 : chance(m, 60000) ? 2 : 3 + (int)draw(m, 3);
    for (int i = 0; i < lines; i++) {
        char text[LINE_SIZE];
        make_line(m, &p, i, text);
        if (i > 0 && m->waiting < LATER_MOST && chance(m, m->file->apart * 100))
            strcpy(m->later[m->waiting++], text);
        else
            put(m, text);
        if (chance(m, m->file->faulty)) {
            spoil(m, text);
            put(m, text);
        }
    }
    if (m->waiting && chance(m, 1000))
        while (m->waiting)
            put(m, m->later[--m->waiting]);
}

/* --- the first line --- */

static const char *const columns[] = {
    "Type d'identifiant PP",
    "Identifiant PP",
    "Identification nationale PP",
    "Code civilité d'exercice",
    "Libellé civilité d'exercice",
    "Code civilité",
    "Libellé civilité",
    "Nom d'exercice",
    "Prénom d'exercice",
    "Code profession",
    "Libellé profession",
    "Code catégorie professionnelle",
    "Libellé catégorie professionnelle",
    "Code type savoir-faire",
    "Libellé type savoir-faire",
    "Code savoir-faire",
    "Libellé savoir-faire",
    "Code mode exercice",
    "Libellé mode exercice",
    "Numéro SIRET site",
    "Numéro SIREN site",
    "Numéro FINESS site",
    "Numéro FINESS établissement juridique",
    "Identifiant technique de la structure",
    "Raison sociale site",
    "Enseigne commerciale site",
    "Complément destinataire (coord. structure)",
    "Complément point géographique (coord. structure)",
    "Numéro Voie (coord. structure)",
    "Indice répétition voie (coord. structure)",
    "Code type de voie (coord. structure)",
    "Libellé type de voie (coord. structure)",
    "Libellé Voie (coord. structure)",
    "Mention distribution (coord. structure)",
    "Bureau cedex (coord. structure)",
    "Code postal (coord. structure)",
    "Code commune (coord. structure)",
    "Libellé commune (coord. structure)",
    "Code pays (coord. structure)",
    "Libellé pays (coord. structure)",
    "Téléphone (coord. structure)",
    "Téléphone 2 (coord. structure)",
    "Télécopie (coord. structure)",
    "Adresse e-mail (coord. structure)",
    "Code Département (structure)",
    "Libellé Département (structure)",
    "Ancien identifiant de la structure",
    "Autorité d'enregistrement",
    "Code secteur d'activité",
    "Libellé secteur d'activité",
    "Code section tableau pharmaciens",
    "Libellé section tableau pharmaciens",
    "Code rôle",
    "Libellé rôle",
    "Code genre activité",
    "Libellé genre activité",
};

/* Older files wrote some of them otherwise. */
static const char *older(const char *name)
{
    static const char *const other[][2] = {
        {"Code rôle", "Code fonction"},
        {"Libellé rôle", "Libellé fonction"},
        {"Code postal (coord. structure)", "Code postal (structure)"},
        {"Code commune (coord. structure)", "Code Commune Structure"},
        {"Code secteur d'activité", "Code Secteur d’Activité (Structure)"},
        {"Prénom d'exercice", "PRENOM D'EXERCICE"},
    };
    for (size_t i = 0; i < COUNT(other); i++)
        if (strcmp(name, other[i][0]) == 0)
            return other[i][1];
    return name;
}

static void write_header(struct making *m)
{
    char text[4 * LINE_SIZE] = "";
    size_t len = 0;
    enum registry_layout layout = m->file->layout;
    bool old = layout == LAYOUT_52 || layout == LAYOUT_50;
    for (int i = 0; i < (int)COUNT(columns); i++)
        if (has(layout, i))
            len += (size_t)snprintf(text + len, sizeof text - len, "%s|",
                                    old ? older(columns[i]) : columns[i]);
    if (m->file->no_last_bar)
        text[len - 1] = '\0';
    fputs(m->file->mark ? "\xef\xbb\xbf" : "", m->out);
    fputs(text, m->out);
    fputs(m->file->crlf ? "\r\n" : "\n", m->out);
}

void registry_file_write(struct registry_file *file, FILE *out)
{
    struct making *m = calloc(1, sizeof *m);
    if (!m)
        abort();
    file->persons = file->made = file->bad = 0;
    *m = (struct making){.file = file, .out = out, .state = file->seed};
    write_header(m);
    while (file->made + m->waiting < file->lines)
        write_person(m);
    while (m->waiting)
        put(m, m->later[--m->waiting]);
    free(m);
}
