/* The mails about another e-mail address. Neither names the person: one may go to a stranger whose
 * address was typed by mistake, the other to a mailbox that is not theirs any more. */
#include "db/query.h"
#include "features/registration/registration_mail.h"
#include "mail/letter.h"
#include "mail/mail.h"
#include <stdio.h>
#include <string.h>

struct address_words {
    const char *subject, *lead, *code, *keep, *end;
};

static const struct address_words code_words[2] = {
    {"Confirm your new e-mail address",
     "You are changing the e-mail address of your registration "
     "for “%s”. Please type this code on your personal page:",
     "Code",
     "The code is valid for one hour. If you did not ask for anything, please ignore this message: "
     "nothing changes.",
     "See you soon,\n%s\n%s"},
    {"Confirmez votre nouvelle adresse e-mail",
     "Vous changez l’adresse e-mail de votre inscription à « %s ». Saisissez ce code sur votre "
     "page "
     "personnelle\u00a0:",
     "Code\u00a0",
     "Ce code est valable une heure. Si vous n’avez rien demandé, ignorez ce message : rien ne "
     "change.",
     "À bientôt,\n%s\n%s"},
};

static const struct address_words moved_words[2] = {
    {"The e-mail address of a registration was changed",
     "The registration for “%s” that was made with this e-mail address now has another one. "
     "Personal links that were sent here are no longer valid.",
     NULL, "If this was not you, please write to the organiser: %s.", "Kind regards,\n%s\n%s"},
    {"L’adresse e-mail d’une inscription a changé",
     "L’inscription à « %s » faite avec cette adresse e-mail en a désormais une autre. Les liens "
     "personnels envoyés ici ne sont plus valables.",
     NULL, "Si vous n’êtes pas à l’origine de ce changement, écrivez à l’organisateur : %s.",
     "Cordialement,\n%s\n%s"},
};

/* The registration's language, event and organiser. */
static struct db_result *find_occasion(struct db_conn *c, const struct id *registration)
{
    return db_query(c,
                    "SELECT r.organisation_id, r.language, c.title, o.name, o.contact_email,"
                    "       " ACCENT_SQL
                    "  FROM registration r JOIN congress c ON c.id = r.congress_id"
                    "  JOIN organisation o ON o.id = r.organisation_id WHERE r.id = $1",
                    "u", registration);
}

static enum err queue(struct db_conn *c, const struct id *registration,
                      const struct db_result *occasion, const struct letter *l, const char *to,
                      const char *subject, int64_t now)
{
    struct id organisation = db_id(occasion, 0, 0);
    return mail_queue_letter(c,
                             &(struct mail){.organisation = &organisation,
                                            .registration = registration,
                                            .to = to,
                                            .subject = subject,
                                            .language = db_text(occasion, 0, 1)},
                             l, now);
}

/* code NULL: the address is the former one. */
static enum err send(struct db_conn *c, const struct id *registration, const char *to,
                     const char *code, int64_t now)
{
    struct db_result *r = find_occasion(c, registration);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        const char *language = db_text(r, 0, 1);
        const struct address_words *w =
            &(code ? code_words : moved_words)[strcmp(language, "fr") == 0];
        struct letter l;
        letter_init(&l, language, w->subject,
                    &(struct letter_sender){db_text(r, 0, 3), db_text(r, 0, 5)});
        letter_paragraph(&l, w->lead, db_text(r, 0, 2));
        if (code)
            letter_facts(&l, &(struct letter_fact){w->code, code}, 1);
        letter_paragraph(&l, w->keep, db_text(r, 0, 4));
        letter_end(&l, w->end, db_text(r, 0, 3), db_text(r, 0, 4));
        err = queue(c, registration, r, &l, to, w->subject, now);
        letter_release(&l);
    }
    db_result_free(r);
    return err;
}

enum err address_mail_code(struct db_conn *c, const struct id *registration, const char *to,
                           const char *code, int64_t now)
{
    return send(c, registration, to, code, now);
}

enum err address_mail_moved(struct db_conn *c, const struct id *registration, const char *to,
                            int64_t now)
{
    return send(c, registration, to, NULL, now);
}
