#include "features/guest_speakers/guest_speakers_routes.h"
#include "base/address.h"
#include "base/app.h"
#include "base/person_name.h"
#include "crypto/crypto.h"
#include "features/guest_speakers/guest_speakers_store.h"
#include "http/cursor.h"
#include "mail/mail.h"
#include "room/tell.h"
#include <string.h>

#define NAME_CHARS      120 /* as the programme has them */
#define TOKEN_CHARS_MAX 200 /* longer than any token: a longer text is refused as a fault */

static const char *const languages[] = {"fr", "en", NULL};

static void wake_mail(const struct http_exchange *x)
{
    if (x->app->mail)
        mail_sender_wake(x->app->mail);
}

void get_guest_speakers(struct http_exchange *x)
{
    json_t *items = NULL;
    enum err err = guest_speakers_list(x->db, &x->place.session, &items);
    if (err == ERR_OK)
        cursor_reply(x, items, NULL);
    else
        http_problem_err(x, err);
}

/* --- inviting --- */

static const char *detail_of(const char *refused)
{
    if (strcmp(refused, "guest_speaker.exists") == 0)
        return "This address is invited to this session already.";
    if (strcmp(refused, "guest_speaker.full") == 0)
        return "This session has as many guest speakers as it can have.";
    return "This session is over.";
}

static void reply_added(struct http_exchange *x, const struct guest_new *wanted, enum err err,
                        json_t *added)
{
    if (err == ERR_OK) {
        wake_mail(x);
        http_reply_json(x, 201, added);
    } else if (err == ERR_CONFLICT && wanted->refused) {
        http_problem(x, 409, wanted->refused, detail_of(wanted->refused));
    } else if (err == ERR_INVALID) {
        http_problem_field(x, "speaker", "not of this congress");
    } else {
        http_problem_err(x, err);
    }
}

void post_guest_speaker(struct http_exchange *x)
{
    json_t *body = http_body_json(x), *added = NULL;
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    char email[ADDRESS_SIZE];
    struct guest_new wanted = {.session = x->place.session,
                               .congress = x->place.congress,
                               .name = read_person_name(&r, "name", NAME_CHARS),
                               .email = email,
                               .base_url = x->app->base_url};
    read_address(&r, "email", email);
    int language = json_read_word(&r, "language", languages);
    struct id speaker;
    const char *programmed = json_read_optional_string(&r, "speaker", ID_TEXT_SIZE);
    if (programmed && !id_parse(programmed, &speaker))
        json_reader_fault(&r, "speaker", "not an id");
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    wanted.language = languages[language];
    wanted.speaker = programmed ? &speaker : NULL;
    enum err err = guest_speakers_add(x->db, &x->who, &wanted, clock_now_us(x->clock), &added);
    reply_added(x, &wanted, err, added);
}

void post_guest_speaker_send(struct http_exchange *x)
{
    struct id guest;
    if (!http_path_id(x, "guest_speaker", &guest))
        return;
    enum err err =
        guest_speakers_send(x->db, &x->who, &guest, x->app->base_url, clock_now_us(x->clock));
    if (err == ERR_CONFLICT) {
        http_problem(x, 409, "session.state", "This session is over.");
    } else if (err != ERR_OK) {
        http_problem_err(x, err);
    } else {
        wake_mail(x);
        http_reply_empty(x, 204);
    }
}

void delete_guest_speaker(struct http_exchange *x)
{
    struct id guest;
    char text[ID_TEXT_SIZE];
    if (!http_path_id(x, "guest_speaker", &guest))
        return;
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = guest_speakers_end(x->db, &change, &x->place.session, &guest);
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    tell(x->app, scope_person(&guest), "revoked",
         json_pack("{s:s}", "person", id_text(&guest, text)));
    http_reply_empty(x, 204);
}

/* --- their link --- */

static void reply_expired(struct http_exchange *x)
{
    http_problem(x, 410, "link.expired",
                 "This link is not valid any more. Please ask for a new one.");
}

/* Whose link it is. Good ones are limited by whom they are of, guesses by address. False after
 * having replied. */
static bool read_link(struct http_exchange *x, struct id *guest)
{
    json_t *body = http_body_json(x);
    if (!body)
        return false;
    struct json_reader r = json_reader(body);
    const char *token = json_read_string(&r, "token", 1, TOKEN_CHARS_MAX);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return false;
    }
    uint8_t hash[TOKEN_HASH_SIZE];
    enum err err = token_hash(token, hash)
                       ? guest_of_secret(x->db, hash, clock_now_us(x->clock), guest)
                       : ERR_NOT_FOUND;
    if (err == ERR_OK)
        return http_vouch(x, guest);
    if (err == ERR_NOT_FOUND)
        reply_expired(x);
    else
        http_problem_err(x, err);
    return false;
}

void post_guest_preview(struct http_exchange *x)
{
    struct id guest;
    json_t *preview = NULL;
    if (!read_link(x, &guest))
        return;
    enum err err = guest_preview(x->db, &guest, &preview);
    if (err == ERR_OK)
        http_reply_json(x, 200, preview);
    else
        http_problem_err(x, err);
}

void post_guest_enter(struct http_exchange *x)
{
    struct id guest;
    uint8_t hash[TOKEN_HASH_SIZE];
    char token[TOKEN_TEXT_SIZE];
    json_t *me = NULL;
    if (!read_link(x, &guest))
        return;
    token_new(token, hash);
    enum err err = guest_enter(x->db, &guest, hash, clock_now_us(x->clock), &me);
    if (err == ERR_NOT_FOUND) {
        reply_expired(x);
    } else if (err != ERR_OK) {
        http_problem_err(x, err);
    } else {
        http_set_sign_in(x, SIDE_STAFF, token, GUEST_SIGN_IN_S);
        http_reply_json(x, 200, json_pack("{s:o}", "me", me));
    }
}
