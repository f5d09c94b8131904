#include "features/invitations/invitations_mail.h"
#include "features/invitations/invitations.h"
#include "mail/mail.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct words {
    const char *trial_subject, *trial, *action, *opt_out, *end;
};

static const struct words french = {
    .trial_subject = "[Essai] ",
    .trial = "Ceci est un essai : cette invitation n’est adressée à personne et ses liens ne sont "
             "pas personnels.",
    .action = "M’inscrire avec mon invitation personnelle",
    .opt_out = "Ne plus recevoir d’invitations",
    .end = "%s\n%s\nVous recevez ce message parce que vous figurez sur une liste de contacts de "
           "%s. Le lien d’inscription vous est personnel : merci de ne pas le transmettre.",
};

static const struct words english = {
    .trial_subject = "[Test] ",
    .trial = "This is a test: this invitation is addressed to nobody, and its links are not "
             "personal.",
    .action = "Register with my personal invitation",
    .opt_out = "No more invitations, please",
    .end = "%s\n%s\nYou receive this message because you are on a contact list of %s. The link to "
           "register is personal to you: please do not pass it on.",
};

static bool is_french(const struct invited *to)
{
    return strcmp(to->language, "fr") == 0;
}

void invitation_round_mail_release(struct invitation_round_mail *mail)
{
    for (int i = 0; i < 2; i++) {
        free(mail->subject[i]);
        free(mail->text[i]);
    }
}

/* --- links --- */

static void make_token(const struct secrets *secrets, const struct id *invitation, char purpose,
                       char text[static TOKEN_TEXT_SIZE], uint8_t hash[static TOKEN_HASH_SIZE])
{
    uint8_t bytes[sizeof *invitation + 1], mac[MAC_SIZE];
    memcpy(bytes, invitation, sizeof *invitation);
    bytes[sizeof *invitation] = (uint8_t)purpose;
    mac_sign(secrets->links, bytes, sizeof bytes, mac);
    token_of(mac, text, hash);
}

static enum err write_links(const char *base_url, const char *link, const char *opt_out,
                            struct invitation_links *out)
{
    int size = INVITATION_URL_SIZE;
    bool fits =
        snprintf(out->link, INVITATION_URL_SIZE, "%s/invitation#%s", base_url, link) < size &&
        snprintf(out->opt_out, INVITATION_URL_SIZE, "%s/unsubscribe#%s", base_url, opt_out) <
            size &&
        snprintf(out->one_click, INVITATION_URL_SIZE, "%s/api/one-click/%s", base_url, opt_out) <
            size;
    return fits ? ERR_OK : ERR_INTERNAL;
}

enum err invitation_links_make(const struct secrets *secrets, const struct id *invitation,
                               const char *base_url, struct invitation_links *out)
{
    char link[TOKEN_TEXT_SIZE], opt_out[TOKEN_TEXT_SIZE];
    make_token(secrets, invitation, 'i', link, out->link_hash);
    make_token(secrets, invitation, 'o', opt_out, out->opt_out_hash);
    return write_links(base_url, link, opt_out, out);
}

enum err invitation_links_sample(const char *base_url, struct invitation_links *out)
{
    *out = (struct invitation_links){0};
    return write_links(base_url, "sample", "sample", out);
}

/* --- the letter --- */

static void write_paragraph(struct letter *l, const char *text, size_t len,
                            const struct invitation_words *words)
{
    struct buf b;
    buf_init(&b, LETTER_MAX);
    invitation_fill(&b, text, len, words);
    buf_add(&b, "", 1);
    if (!buf_failed(&b))
        letter_paragraph(l, "%s", b.data);
    buf_release(&b);
}

static void write_text(struct letter *l, const char *text, const struct invitation_words *words,
                       const char *action, const char *url)
{
    size_t len;
    bool link, linked = false;
    for (const char *at = text, *p; (p = invitation_paragraph(&at, &len, &link));) {
        if (link)
            letter_action(l, action, url);
        else
            write_paragraph(l, p, len, words);
        linked = linked || link;
    }
    if (!linked)
        letter_action(l, action, url);
}

void invitation_letter(struct letter *l, struct buf *subject,
                       const struct invitation_round_mail *round, const struct invited *to,
                       const struct invitation_links *links, bool trial)
{
    const struct words *w = is_french(to) ? &french : &english;
    int which = is_french(to) ? 0 : 1;
    char date[DATE_TEXT_SIZE];
    const struct invitation_words words = {
        .first_name = to->first_name,
        .last_name = to->last_name,
        .congress = round->congress,
        .organisation = round->organisation_name,
        .date = date_text(date, round->starts, to->language, round->time_zone),
    };
    buf_init(subject, LETTER_MAX);
    if (trial)
        buf_adds(subject, w->trial_subject);
    invitation_fill(subject, round->subject[which], strlen(round->subject[which]), &words);
    buf_add(subject, "", 1);
    const char *title = buf_failed(subject) ? "" : subject->data;
    letter_init(l, to->language, title,
                &(struct letter_sender){round->organisation_name, round->accent});
    if (trial)
        letter_paragraph(l, "%s", w->trial);
    write_text(l, round->text[which], &words, w->action, links->link);
    letter_link(l, w->opt_out, links->opt_out);
    letter_end(l, w->end, round->organisation_name, round->contact, round->organisation_name);
}

enum err invitation_mail_queue(struct db_conn *c, const struct invitation_round_mail *round,
                               const struct invited *to, const struct invitation_links *links,
                               bool trial, int64_t now)
{
    struct letter l;
    struct buf subject;
    invitation_letter(&l, &subject, round, to, links, trial);
    enum err err = ERR_TOO_LARGE;
    if (letter_ok(&l) && !buf_failed(&subject))
        err = mail_queue(c,
                         &(struct mail){.organisation = &round->organisation,
                                        .to = to->email,
                                        .subject = subject.data,
                                        .text = l.text.data,
                                        .html = l.html.data,
                                        .language = to->language,
                                        .unsubscribe = trial ? NULL : links->one_click,
                                        .id = trial ? NULL : &to->id,
                                        .bulk = !trial},
                         now);
    letter_release(&l);
    buf_release(&subject);
    return err;
}
