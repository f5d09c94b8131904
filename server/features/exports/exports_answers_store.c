/* What people answered to the organiser's own questions: a column each, after all others. */
#include "base/json.h"
#include "features/exports/exports_store.h"
#include <stdio.h>
#include <string.h>

#define NAME_SIZE 64 /* "answer_" and a key */

enum err export_questions(struct db_conn *c, const struct export_of *of, json_t **questions)
{
    return db_read_json(c, questions,
                        "SELECT (SELECT coalesce(jsonb_agg(form_question_json(q)"
                        "                                  ORDER BY q.position, q.key), '[]')"
                        "          FROM form_columns(g.id) q) FROM congress g"
                        " WHERE g.organisation_id = $2 AND g.id = CASE WHEN $3 THEN $1 ELSE"
                        "       (SELECT congress_id FROM session WHERE id = $1) END",
                        "uub", &of->id, &of->organisation, of->whole);
}

/* An organiser typed the labels. */
void answers_header(struct csv *csv, const json_t *questions)
{
    size_t i;
    json_t *q;
    json_array_foreach(questions, i, q)
    {
        char name[NAME_SIZE];
        snprintf(name, sizeof name, "answer_%s", json_text_of(q, "key"));
        csv_text(csv, csv_pick(csv->dialect, &(struct csv_words){name, json_text_of(q, "label_en"),
                                                                 json_text_of(q, "label_fr")}));
    }
}

void answers_cells(struct csv *csv, const json_t *questions, const json_t *answers)
{
    size_t i;
    json_t *q;
    json_array_foreach(questions, i, q)
    {
        const char *text = json_text_of(answers, json_text_of(q, "key"));
        if (strcmp(json_text_of(q, "kind"), "number") == 0 && *text)
            csv_decimal(csv, text);
        else
            csv_text(csv, text);
    }
}
