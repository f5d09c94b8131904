/* What lws does not set by itself on its TLS contexts. */
#include "net/internal.h"
#include <openssl/err.h>
#include <openssl/ssl.h>

void tls_info(struct net *net, struct lws_context_creation_info *info)
{
    /* Files, not memory: only then lws loads the whole chain and leaves the groups alone. */
    info->ssl_cert_filepath = net->config.certificate;
    info->ssl_private_key_filepath = net->config.key;
    /* lws-08: its HTTP/2 has memory bugs; nothing but HTTP/1.1 is ever agreed on. */
    info->alpn = "http/1.1";
    info->ssl_options_set =
        (long)(SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_COMPRESSION);
    info->tls1_3_plus_cipher_list =
        "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
    info->ssl_cipher_list = "ECDHE+AESGCM:ECDHE+CHACHA20";
}

struct ssl_ctx_st *tls_client(struct net *net)
{
    if (!net->no_client)
        net->no_client = SSL_CTX_new(TLS_client_method());
    return net->no_client;
}

void tls_free(struct net *net)
{
    SSL_CTX_free(net->no_client);
    net->no_client = NULL;
}

/* From the callback that lws makes for each new SSL_CTX. The loops share ticket keys, so that a
 * session can be resumed on any of them. */
void tls_context(struct net *net, void *ssl_ctx)
{
    SSL_CTX *ctx = ssl_ctx;
    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
    SSL_CTX_set1_groups_list(ctx, "X25519:P-256");
    static const unsigned char name[] = "amphi"; /* that of lws differs between loops */
    SSL_CTX_set_session_id_context(ctx, name, sizeof name - 1);
    SSL_CTX_set_num_tickets(ctx, 1);
    SSL_CTX_set_tlsext_ticket_keys(ctx, net->ticket_keys, (long)sizeof net->ticket_keys);
}

enum err tls_check_pair(const char *certificate, const char *key, char *why, size_t why_size)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    const char *fault = NULL;
    if (!ctx || !certificate || !key)
        fault = "no certificate and key are given";
    else if (SSL_CTX_use_certificate_chain_file(ctx, certificate) != 1)
        fault = "the certificate cannot be read";
    else if (SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1)
        fault = "the key cannot be read or is not the certificate's";
    else if (SSL_CTX_check_private_key(ctx) != 1)
        fault = "key and certificate do not belong together";
    SSL_CTX_free(ctx);
    ERR_clear_error();
    if (!fault)
        return ERR_OK;
    snprintf(why, why_size, "%s: %s, %s", fault, certificate ? certificate : "-", key ? key : "-");
    return ERR_INVALID;
}
