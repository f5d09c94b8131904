/* What lws does not set by itself on its TLS contexts. */
#include "net/internal.h"
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rand.h>
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

/* How OpenSSL seals a ticket (seal) or opens one. Returns what OpenSSL expects: 0, no key for it, a
 * full handshake follows; 1, sealed; 2, opened, give a new one (clients use one only once); -1. */
static int on_ticket(SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher,
                     EVP_MAC_CTX *mac, int seal)
{
    struct net *net = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    int64_t now = clock_mono_us(net->config.http.clock);
    struct ticket_key key;
    if (seal) {
        tickets_newest(&net->tickets, now, &key);
        memcpy(name, key.name, sizeof key.name);
        if (RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) != 1)
            return -1;
    } else if (!tickets_find(&net->tickets, now, name, &key)) {
        return 0;
    }
    OSSL_PARAM params[] = {OSSL_PARAM_octet_string(OSSL_MAC_PARAM_KEY, key.mac, sizeof key.mac),
                           OSSL_PARAM_utf8_string(OSSL_MAC_PARAM_DIGEST, "SHA256", 0),
                           OSSL_PARAM_END};
    bool ok = EVP_MAC_CTX_set_params(mac, params) == 1 &&
              EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), NULL, key.cipher, iv, seal) == 1;
    explicit_bzero(&key, sizeof key);
    return !ok ? -1 : seal ? 1 : 2;
}

/* From the callback that lws makes for each new SSL_CTX. */
void tls_context(struct net *net, void *ssl_ctx)
{
    SSL_CTX *ctx = ssl_ctx;
    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
    SSL_CTX_set1_groups_list(ctx, "X25519:P-256");
    static const unsigned char name[] = "amphi"; /* that of lws differs between loops */
    SSL_CTX_set_session_id_context(ctx, name, sizeof name - 1);
    SSL_CTX_set_num_tickets(ctx, 1);
    SSL_CTX_set_app_data(ctx, net);
    SSL_CTX_set_tlsext_ticket_key_evp_cb(ctx, on_ticket);
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
