/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A remedy as lines for the configuration of a server. See tlsfit_session_fix_config().
 *
 * In: TlsfitRemedy. Out: text to paste. Only what the primary cause needs is written. Directives after:
 * openssl-s_server(1) and SSL_CONF_cmd(3) of OpenSSL 3.0, config(5) for the system default section; nginx's
 * ngx_http_ssl_module (ssl_conf_command since 1.19.4); HAProxy's configuration manual, 5.1 (sigalgs since 2.8);
 * mosquitto.conf(5) of Mosquitto 2.0, whose tls_version is the oldest one; EMQX 5, listeners.ssl.
 */
#include "openssl_names.h"
#include "remedy.h"

typedef const char *(*NameOf)(guint code);

static const char *const ids[] = { "openssl_s_server", "openssl_conf", "nginx", "haproxy", "mosquitto", "emqx" };
static const char *const titles[] = { "openssl s_server", "OpenSSL configuration file", "nginx", "HAProxy", "Mosquitto",
                                      "EMQX" };

typedef struct {
    const TlsfitRemedy *remedy;
    char       *suites12;   /* OpenSSL's names, joined by colons, with the security level; NULL: no line */
    char       *suites13;
    char       *groups;
    char       *schemes;
    const char *oldest, *newest; /* NULL: no line */
    gboolean    chain;
    GString    *out;
} Lines;

static gboolean wants(const Lines *lines, guint part)
{
    return (lines->remedy->parts & part) != 0;
}

static char *join_suites(const GArray *codes, gboolean tls13)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < codes->len; i++) {
        const guint code = g_array_index(codes, guint16, i);
        g_autofree char *name = tlsfit_openssl_suite(code);

        if (name != NULL && tlsfit_suite(code)->is_tls13 == tls13) {
            g_string_append_printf(text, "%s%s", text->len > 0 ? ":" : "", name);
        }
    }
    return g_string_free(text, text->len == 0);
}

static char *join_names(const GArray *codes, NameOf name_of)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < codes->len; i++) {
        const char *name = name_of(g_array_index(codes, guint16, i));

        if (name != NULL) {
            g_string_append_printf(text, "%s%s", text->len > 0 ? ":" : "", name);
        }
    }
    return g_string_free(text, text->len == 0);
}

static void lines_read(Lines *lines, const TlsfitRemedy *remedy)
{
    const TlsfitPlan *plan = &remedy->plan;

    lines->remedy = remedy;
    lines->chain = wants(lines, TLSFIT_PART_CHAIN);
    if (wants(lines, TLSFIT_PART_SUITES)) {
        lines->suites12 = join_suites(plan->suites, FALSE);
        lines->suites13 = join_suites(plan->suites, TRUE);
    }
    if (remedy->level < 2) {
        char *suites = g_strdup_printf("%s:@SECLEVEL=%u", lines->suites12 != NULL ? lines->suites12 : "DEFAULT",
                                       remedy->level);

        g_free(lines->suites12);
        lines->suites12 = suites;
    }
    lines->groups = wants(lines, TLSFIT_PART_GROUPS) ? join_names(plan->groups, tlsfit_openssl_group) : NULL;
    lines->schemes = wants(lines, TLSFIT_PART_SCHEMES) ? join_names(plan->schemes, tlsfit_openssl_scheme) : NULL;
    if (wants(lines, TLSFIT_PART_VERSIONS)) {
        lines->newest = tlsfit_openssl_version(g_array_index(plan->versions, guint16, 0));
        lines->oldest = tlsfit_openssl_version(g_array_index(plan->versions, guint16, plan->versions->len - 1));
    }
    lines->out = g_string_new(NULL);
}

static void lines_clear(Lines *lines)
{
    g_free(lines->suites12);
    g_free(lines->suites13);
    g_free(lines->groups);
    g_free(lines->schemes);
}

/* "BEFORE value AFTER", when there is a value. */
static void put(Lines *lines, const char *before, const char *value, const char *after)
{
    if (value != NULL) {
        g_string_append(lines->out, before);
        g_string_append(lines->out, value);
        g_string_append(lines->out, after);
    }
}

/* Comments that say which chain and at what price, with the server's sign for a comment. */
static void put_comments(Lines *lines, const char *sign)
{
    g_autofree char *weak = tlsfit_remedy_weak_text(lines->remedy);
    g_autofree char *chain = lines->chain ? tlsfit_remedy_chain_text(lines->remedy) : NULL;
    g_autofree char *silent = tlsfit_remedy_silent_text(lines->remedy);

    g_string_append_printf(lines->out, "%s %s\n", sign, weak);
    if (chain != NULL) {
        g_string_append_printf(lines->out, "%s It takes %s\n", sign, chain);
    }
    if (silent != NULL) {
        g_string_append_printf(lines->out, "%s Not ruled out, the device profile says nothing of: %s\n", sign, silent);
    }
}

/* The file that a server sends: its certificate and, where the device takes more than one, what follows. */
static const char *chain_file(const Lines *lines)
{
    return lines->remedy->chain.certificates > 1 ? "fullchain.pem" : "server.pem";
}

static void write_s_server(Lines *lines)
{
    put_comments(lines, "#");
    g_string_append(lines->out, "openssl s_server -cert server.pem -key server.key");
    g_string_append(lines->out, lines->remedy->chain.certificates > 1 ? " -cert_chain chain.pem" : "");
    if (lines->remedy->dtls) {
        g_string_append(lines->out, " -dtls");
    }
    put(lines, " -min_protocol ", lines->oldest, "");
    put(lines, " -max_protocol ", lines->newest, "");
    put(lines, " -cipher ", lines->suites12, "");
    put(lines, " -ciphersuites ", lines->suites13, "");
    put(lines, " -groups ", lines->groups, "");
    put(lines, " -sigalgs ", lines->schemes, "");
    if (wants(lines, TLSFIT_PART_FRAGMENT)) {
        g_string_append_printf(lines->out, " -max_send_frag %u", lines->remedy->fragment_bytes);
    }
    g_string_append_c(lines->out, '\n');
}

/* The other sections are what config(5) asks for around a system default. */
static void write_openssl_conf(Lines *lines)
{
    const gsize before = lines->out->len;
    gsize head;

    put_comments(lines, "#");
    g_string_append(lines->out, "openssl_conf = openssl_init\n[openssl_init]\nssl_conf = ssl_module\n[ssl_module]\n"
                                "system_default = system_default_sect\n[system_default_sect]\n");
    head = lines->out->len;
    put(lines, "MinProtocol = ", lines->oldest, "\n");
    put(lines, "MaxProtocol = ", lines->newest, "\n");
    put(lines, "CipherString = ", lines->suites12, "\n");
    put(lines, "Ciphersuites = ", lines->suites13, "\n");
    put(lines, "Groups = ", lines->groups, "\n");
    put(lines, "SignatureAlgorithms = ", lines->schemes, "\n");
    if (lines->out->len == head) {
        g_string_truncate(lines->out, before); /* a chain is not set here */
    }
}

static void put_protocols(Lines *lines, const char *before, const char *separator, NameOf name_of, const char *after)
{
    const GArray *versions = lines->remedy->plan.versions;

    if (lines->oldest == NULL) {
        return;
    }
    g_string_append(lines->out, before);
    for (guint i = versions->len; i-- > 0;) {
        g_string_append(lines->out, name_of(g_array_index(versions, guint16, i)));
        g_string_append(lines->out, i > 0 ? separator : "");
    }
    g_string_append(lines->out, after);
}

static void write_nginx(Lines *lines)
{
    put_comments(lines, "#");
    if (lines->chain) {
        put(lines, "ssl_certificate ", chain_file(lines), ";\nssl_certificate_key server.key;\n");
    }
    put_protocols(lines, "ssl_protocols ", " ", tlsfit_openssl_version, ";\n");
    put(lines, "ssl_ciphers ", lines->suites12, ";\n");
    put(lines, "ssl_conf_command Ciphersuites ", lines->suites13, ";\n");
    if (wants(lines, TLSFIT_PART_SUITES)) {
        g_string_append(lines->out, "ssl_prefer_server_ciphers on;\n");
    }
    put(lines, "ssl_ecdh_curve ", lines->groups, ";\n");
    put(lines, "ssl_conf_command SignatureAlgorithms ", lines->schemes, ";\n");
    if (lines->remedy->plan.tier == TLSFIT_TIER_DHE && wants(lines, TLSFIT_PART_SUITES)) {
        g_string_append(lines->out, "ssl_dhparam dh.pem;  # without it nginx leaves DHE out\n");
    }
    if (wants(lines, TLSFIT_PART_FRAGMENT)) {
        g_string_append(lines->out, "# nginx cannot limit the records of a handshake: ssl_buffer_size is for data only\n");
        g_string_append_printf(lines->out, "ssl_buffer_size %u;\n", lines->remedy->fragment_bytes);
    }
}

static void write_haproxy(Lines *lines)
{
    put_comments(lines, "#");
    if (lines->remedy->plan.tier == TLSFIT_TIER_DHE && wants(lines, TLSFIT_PART_SUITES)) {
        g_string_append(lines->out, "# in the section global: ssl-dh-param-file dh.pem\n");
    }
    if (wants(lines, TLSFIT_PART_FRAGMENT)) {
        g_string_append_printf(lines->out, "# in the section global (2.6 and later), for data only: "
                                           "tune.ssl.hard-maxrecord %u\n",
                               lines->remedy->fragment_bytes);
    }
    g_string_append(lines->out, "bind :8883 ssl crt server-chain-and-key.pem");
    put(lines, " ssl-min-ver ", lines->oldest, "");
    put(lines, " ssl-max-ver ", lines->newest, "");
    put(lines, " ciphers ", lines->suites12, "");
    put(lines, " ciphersuites ", lines->suites13, "");
    put(lines, " curves ", lines->groups, "");
    put(lines, " sigalgs ", lines->schemes, "");
    g_string_append_c(lines->out, '\n');
    if (lines->schemes != NULL) {
        g_string_append(lines->out, "# sigalgs: HAProxy 2.8 and later\n");
    }
}

static const char *mosquitto_version(guint code)
{
    return code == 0x0304 ? "tlsv1.3" : code == 0x0303 ? "tlsv1.2" : code == 0x0302 ? "tlsv1.1" : NULL;
}

/* What Mosquitto has no option for comes from OpenSSL's own configuration, which it reads at its start. */
static void write_mosquitto(Lines *lines)
{
    const GArray *versions = lines->remedy->plan.versions;
    const guint oldest = g_array_index(versions, guint16, versions->len - 1);
    const char *version = mosquitto_version(oldest);
    const gboolean not_newest = lines->oldest != NULL && g_array_index(versions, guint16, 0) != 0x0304;

    put_comments(lines, "#");
    g_string_append(lines->out, "listener 8883\n");
    if (lines->chain) {
        put(lines, "certfile ", chain_file(lines), "\nkeyfile server.key\n");
    }
    if (lines->oldest != NULL) {
        put(lines, "tls_version ", version, "\n");
    }
    if (lines->oldest != NULL && version == NULL) {
        g_string_append(lines->out, "# Mosquitto 2.0 has no TLS 1.0: put a proxy before it\n");
    }
    put(lines, "ciphers ", lines->suites12, "\n");
    put(lines, "ciphers_tls1.3 ", lines->suites13, "\n");
    if (lines->remedy->plan.tier == TLSFIT_TIER_DHE && wants(lines, TLSFIT_PART_SUITES)) {
        g_string_append(lines->out, "dhparamfile dh.pem\n");
    }
    if (lines->groups != NULL || lines->schemes != NULL || not_newest) {
        g_string_append(lines->out, "# no option of Mosquitto for this: start it with OPENSSL_CONF naming a file with\n");
        put(lines, "#   MaxProtocol = ", not_newest ? lines->newest : NULL, "\n");
        put(lines, "#   Groups = ", lines->groups, "\n");
        put(lines, "#   SignatureAlgorithms = ", lines->schemes, "\n");
    }
    if (wants(lines, TLSFIT_PART_FRAGMENT)) {
        g_string_append(lines->out, "# Mosquitto cannot limit the size of records\n");
    }
}

static const char *emqx_version(guint code)
{
    return code == 0x0301   ? "\"tlsv1\""
           : code == 0x0302 ? "\"tlsv1.1\""
           : code == 0x0303 ? "\"tlsv1.2\""
                            : "\"tlsv1.3\"";
}

static void put_emqx_limits(Lines *lines)
{
    if (lines->groups != NULL || lines->schemes != NULL || wants(lines, TLSFIT_PART_FRAGMENT)) {
        g_string_append(lines->out, "# EMQX's listeners have no option for groups, signature schemes and record sizes: put "
                                    "HAProxy or nginx before it\n");
    }
}

/* Erlang's TLS has OpenSSL's names, and no security level. */
static void write_emqx(Lines *lines)
{
    const TlsfitPlan *plan = &lines->remedy->plan;

    put_comments(lines, "#");
    if (lines->remedy->level < 2) {
        g_string_append(lines->out, "# Erlang's TLS has no security level: whether it takes this is not known\n");
    }
    if (!lines->chain && lines->oldest == NULL && !wants(lines, TLSFIT_PART_SUITES)) {
        put_emqx_limits(lines);
        return;
    }
    g_string_append(lines->out, "listeners.ssl.device {\n  bind = \"0.0.0.0:8883\"\n  ssl_options {\n");
    if (lines->chain) {
        put(lines, "    certfile = \"", chain_file(lines), "\"\n    keyfile = \"server.key\"\n");
    }
    put_protocols(lines, "    versions = [", ", ", emqx_version, "]\n");
    if (wants(lines, TLSFIT_PART_SUITES)) {
        g_string_append(lines->out, "    ciphers = [");
        for (guint i = 0; i < plan->suites->len; i++) {
            g_autofree char *name = tlsfit_openssl_suite(g_array_index(plan->suites, guint16, i));

            g_string_append_printf(lines->out, "%s\"%s\"", i > 0 ? ", " : "", name);
        }
        g_string_append(lines->out, "]\n    honor_cipher_order = true\n");
    }
    g_string_append(lines->out, "  }\n}\n");
    put_emqx_limits(lines);
}

static void (*const writers[])(Lines *lines) = { write_s_server, write_openssl_conf, write_nginx,
                                                 write_haproxy,  write_mosquitto,    write_emqx };

guint tlsfit_fix_server_count(void)
{
    return G_N_ELEMENTS(ids);
}

const char *tlsfit_fix_server_id(guint server)
{
    g_return_val_if_fail(server < G_N_ELEMENTS(ids), NULL);
    return ids[server];
}

const char *tlsfit_fix_server_title(guint server)
{
    g_return_val_if_fail(server < G_N_ELEMENTS(titles), NULL);
    return titles[server];
}

char *tlsfit_session_fix_config(const TlsfitSession *session, guint server)
{
    const TlsfitRemedy *remedy = tlsfit_session_remedy(session);
    Lines lines = { 0 };

    g_return_val_if_fail(server < G_N_ELEMENTS(writers), NULL);
    if (remedy == NULL || remedy->parts == 0 || (remedy->dtls && server > 1)) {
        return NULL; /* of these servers only OpenSSL's speaks DTLS */
    }
    lines_read(&lines, remedy);
    writers[server](&lines);
    lines_clear(&lines);
    return g_string_free(lines.out, lines.out->len == 0);
}
