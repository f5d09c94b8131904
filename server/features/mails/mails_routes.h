/* The routes of a congress's mails (mails_routes.c, texts_routes.c). */
#ifndef AMPHI_FEATURES_MAILS_ROUTES_H
#define AMPHI_FEATURES_MAILS_ROUTES_H

#include "http/http.h"

http_handler get_mails, put_mails, put_mail_text, post_mail_text_reset, post_mail_preview,
    post_mail_test;

#endif
