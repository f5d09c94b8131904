#include "features/representatives/representatives_mail.h"
#include "mail/letter.h"
#include "mail/mail.h"
#include <stdio.h>
#include <string.h>

/* %s: the congress's title, but in the greeting and at the end */
struct words {
    const char *subject, *hello, *lead, *link, *page, *limits, *end;
};

static const struct words french = {
    "Votre lien d’inscription : %s",
    "Bonjour %s,",
    "Voici le lien d’inscription à « %s » à transmettre aux professionnels de santé que vous "
    "rencontrez. La page d’inscription les informe que vous voyez qui s’est inscrit par ce lien et "
    "qui a participé.",
    "Lien à transmettre\u00a0",
    "Voir qui s’est inscrit par mon lien",
    "Cette page ne montre que les personnes venues par votre lien. Son adresse est strictement "
    "personnelle : merci de ne pas la transmettre. Si vous la recevez à nouveau, la précédente "
    "n’est plus valable.",
    "À bientôt,\n%s",
};
static const struct words english = {
    "Your registration link: %s",
    "Hello %s,",
    "Here is the registration link for “%s” for the health professionals you meet. The "
    "registration page tells them that you see who registered by this link and who attended.",
    "Link to pass on",
    "See who registered by my link",
    "That page shows only the people who came by your link. Its address is strictly personal: "
    "please do not pass it on. When it is sent to you again, the one before is no longer valid.",
    "See you soon,\n%s",
};

enum err representative_mail_queue(struct db_conn *c, const struct representative_mail *m,
                                   int64_t now)
{
    const struct words *w = strcmp(m->language, "fr") == 0 ? &french : &english;
    char subject[1024];
    snprintf(subject, sizeof subject, w->subject, m->congress);
    struct letter l;
    letter_init(&l, m->language, subject, &(struct letter_sender){m->organisation_name, m->accent});
    letter_paragraph(&l, w->hello, m->name);
    letter_paragraph(&l, w->lead, m->congress);
    letter_facts(&l, &(struct letter_fact){w->link, m->link}, 1);
    letter_action(&l, w->page, m->page);
    letter_paragraph(&l, "%s", w->limits);
    letter_end(&l, w->end, m->organisation_name);
    enum err err = mail_queue_letter(c,
                                     &(struct mail){.organisation = &m->organisation,
                                                    .to = m->to,
                                                    .subject = subject,
                                                    .language = m->language},
                                     &l, now);
    letter_release(&l);
    return err;
}
