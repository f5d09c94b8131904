#include "sample_deck.h"

#include <stdio.h>
#include <string.h>

#define PAGE_WIDTH  960
#define PAGE_HEIGHT 540
#define MAX_LINES   5
#define FIRST_PAGE  5 /* number of the first page's object; each has a content object behind it */
#define OBJECTS_MAX 64
#define CONTENT_MAX 16384
#define TEAL        "0.043 0.365 0.349 rg"
#define INK         "0.08 0.13 0.12 rg"
#define FAINT       "0.36 0.42 0.4 rg"

struct slide_text {
    const char *title;
    const char *lines[MAX_LINES]; /* UTF-8, of which Latin-1 is shown */
    int bars[4];                  /* percentages drawn as bars; all 0: none */
};

static const struct slide_text slides[] = {
    {"Insuffisance cardiaque : actualités 2026",
     {"Un webinaire d'exemple", "Laboratoire Exemple"},
     {0}},
    {"Objectifs de la séance",
     {"Reconnaître les formes cliniques et leurs pièges", "Situer les quatre classes de traitement",
      "Organiser le suivi entre la ville et l'hôpital", "Répondre à vos questions en direct"},
     {0}},
    {"Une maladie fréquente et sous-estimée",
     {"Plus d'un million de personnes concernées en France",
      "Première cause d'hospitalisation après 65 ans",
      "Un patient sur quatre revient dans le mois"},
     {0}},
    {"Répartition par phénotype",
     {"Fraction d'éjection réduite", "Modérément réduite", "Préservée", "Améliorée"},
     {46, 18, 29, 7}},
    {"Les signes d'alerte : EPOF",
     {"Essoufflement", "Prise de poids rapide", "Oedèmes des membres inférieurs",
      "Fatigue à l'effort"},
     {0}},
    {"Le bilan initial",
     {"Électrocardiogramme et peptides natriurétiques", "Échocardiographie transthoracique",
      "Fer, fonction rénale, ionogramme", "Recherche d'une cause traitable"},
     {0}},
    {"Quatre piliers, dès le premier mois",
     {"Inhibition du système rénine-angiotensine", "Bêtabloquant",
      "Antagoniste des récepteurs minéralocorticoïdes", "Inhibiteur de SGLT2"},
     {0}},
    {"Où en sommes-nous ?",
     {"Quatre piliers prescrits", "Trois piliers", "Deux piliers", "Un seul ou aucun"},
     {21, 34, 28, 17}},
    {"Titration : qui fait quoi",
     {"Cardiologue : stratégie et seuils", "Médecin traitant : ajustements rapprochés",
      "Infirmier : poids, tension, observance", "Patient : autosurveillance et signaux"},
     {0}},
    {"Cas clinique",
     {"Madame D., 72 ans, dyspnée au deuxième étage", "FEVG 35 %, DFG 48, kaliémie 4,6",
      "Deux piliers en place depuis un an", "Quelle est votre prochaine étape ?"},
     {0}},
    {"À retenir",
     {"Dépister tôt, traiter vite, réévaluer souvent", "Quatre piliers avant les doses cibles",
      "Un parcours partagé évite des hospitalisations"},
     {0}},
    {"Vos questions", {"Posez-les dans le panneau à droite"}, {0}},
};
#define COUNT (sizeof slides / sizeof *slides)

/* UTF-8 of the Latin-1 range as a PDF string in WinAnsi. */
static void add_string(struct buf *b, const char *utf8)
{
    buf_adds(b, "(");
    for (const unsigned char *p = (const unsigned char *)utf8; *p; p++) {
        unsigned c = *p;
        if (c >= 0xc2 && c <= 0xc3 && p[1])
            c = (c & 3) << 6 | (*++p & 0x3f);
        if (c < 0x80 && !strchr("()\\", (int)c))
            buf_addf(b, "%c", (int)c);
        else
            buf_addf(b, "\\%03o", c);
    }
    buf_adds(b, ")");
}

static void add_text(struct buf *b, const char *font, int size, int x, int y, const char *text)
{
    buf_addf(b, "BT /%s %d Tf %d %d Td ", font, size, x, y);
    add_string(b, text);
    buf_adds(b, " Tj ET\n");
}

static void add_title_slide(struct buf *b, const struct slide_text *s)
{
    buf_addf(b, TEAL " 0 0 %d %d re f\n1 1 1 rg\n", PAGE_WIDTH, PAGE_HEIGHT);
    add_text(b, "B", 40, 72, 300, s->title);
    for (int i = 0; i < MAX_LINES && s->lines[i]; i++)
        add_text(b, "R", 24, 72, 240 - 36 * i, s->lines[i]);
}

static void add_bar_lines(struct buf *b, const struct slide_text *s)
{
    for (int i = 0; i < 4; i++) {
        int y = 350 - 78 * i;
        char percent[16];
        snprintf(percent, sizeof percent, "%d %%", s->bars[i]);
        buf_adds(b, INK "\n");
        add_text(b, "R", 22, 72, y + 12, s->lines[i]);
        buf_addf(b, "0.89 0.91 0.9 rg 400 %d 420 28 re f\n" TEAL " 400 %d %d 28 re f\n" INK "\n", y,
                 y, 420 * s->bars[i] / 50);
        add_text(b, "B", 22, 836, y + 6, percent);
    }
}

static void add_content(struct buf *b, const struct slide_text *s, int page)
{
    if (page == 1 || page == (int)COUNT) {
        add_title_slide(b, s);
        return;
    }
    char number[32];
    snprintf(number, sizeof number, "%d / %d", page, (int)COUNT);
    buf_addf(b, "1 1 1 rg 0 0 %d %d re f\n" TEAL " 0 0 16 %d re f\n", PAGE_WIDTH, PAGE_HEIGHT,
             PAGE_HEIGHT);
    add_text(b, "B", 36, 72, 450, s->title);
    if (s->bars[0]) {
        add_bar_lines(b, s);
    } else {
        for (int i = 0; i < MAX_LINES && s->lines[i]; i++) {
            buf_addf(b, TEAL " 76 %d 10 10 re f\n" INK "\n", 367 - 68 * i);
            add_text(b, "R", 26, 108, 362 - 68 * i, s->lines[i]);
        }
    }
    buf_adds(b, FAINT "\n");
    add_text(b, "R", 14, 72, 32, "Laboratoire Exemple");
    add_text(b, "R", 14, 850, 32, number);
}

struct writer {
    struct buf *out;
    size_t offsets[OBJECTS_MAX];
    int objects;
};

static void begin_object(struct writer *w)
{
    w->offsets[w->objects++] = w->out->len;
    buf_addf(w->out, "%d 0 obj\n", w->objects);
}

static void add_page(struct writer *w, int page)
{
    struct buf content;
    buf_init(&content, CONTENT_MAX);
    add_content(&content, &slides[page - 1], page);
    begin_object(w);
    buf_addf(w->out,
             "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R "
             "/Resources << /Font << /R 3 0 R /B 4 0 R >> >> >>\nendobj\n",
             PAGE_WIDTH, PAGE_HEIGHT, w->objects + 1);
    begin_object(w);
    buf_addf(w->out, "<< /Length %zu >>\nstream\n", content.len);
    buf_add(w->out, content.data, content.len);
    buf_adds(w->out, "\nendstream\nendobj\n");
    buf_release(&content);
}

static void add_font(struct writer *w, const char *name)
{
    begin_object(w);
    buf_addf(w->out,
             "<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>\nendobj\n",
             name);
}

/* The layout of ISO 32000-1: header, objects, cross-reference table, trailer. */
void sample_deck_write(struct buf *out)
{
    struct writer w = {.out = out};
    buf_adds(out, "%PDF-1.4\n");
    begin_object(&w);
    buf_adds(out, "<< /Type /Catalog /Pages 2 0 R >>\nendobj\n");
    begin_object(&w);
    buf_addf(out, "<< /Type /Pages /Count %zu /Kids [", COUNT);
    for (size_t i = 0; i < COUNT; i++)
        buf_addf(out, " %zu 0 R", FIRST_PAGE + 2 * i);
    buf_adds(out, " ] >>\nendobj\n");
    add_font(&w, "Helvetica");
    add_font(&w, "Helvetica-Bold");
    for (size_t i = 0; i < COUNT; i++)
        add_page(&w, (int)i + 1);
    size_t table = out->len;
    buf_addf(out, "xref\n0 %d\n0000000000 65535 f \n", w.objects + 1);
    for (int i = 0; i < w.objects; i++)
        buf_addf(out, "%010zu 00000 n \n", w.offsets[i]);
    buf_addf(out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n", w.objects + 1,
             table);
}
