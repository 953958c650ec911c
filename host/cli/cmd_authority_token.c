/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys on tokens, for the subcommands that sign: which module, which PIN, and sentences for what
 * can go wrong. A wrong PIN is never tried again.
 */
#include "cli/cmd_authority.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/pkcs11.h"
#include "cli/command.h"
#include "cli/settings.h"
#include "cli/terminal.h"

static int fail_usage(const struct pkcs11_uri_fault *fault, enum pkcs11_uri_error error)
{
    bool named = fault->attribute[0] != '\0';
    return authority_usage("--key: %s%s%s", fault->attribute, named ? ": " : "",
                           pkcs11_uri_error_text(error));
}

static int fail(const char *subject, const struct pkcs11_problem *problem)
{
    char text[PKCS11_TEXT_SIZE];
    pkcs11_describe(problem, text);
    terminal_error("authority", "%s: %s", subject, text);
    return problem->error == PKCS11_SYSTEM ? EXIT_INTERNAL : EXIT_PERMISSION;
}

/* The URI's own, or --module, or the setting, or what p11-kit makes of all modules it knows. */
static int choose_module(const struct authority_options *o, const struct pkcs11_uri *uri,
                         struct settings *settings, const char **ret_module)
{
    if (o->module != NULL && uri->module_path[0] != '\0') {
        return authority_usage("--key: has a module-path already; leave out --module");
    }
    if (o->module != NULL || uri->module_path[0] != '\0') {
        *ret_module = o->module != NULL ? o->module : uri->module_path;
        return 0;
    }
    if (!settings_load("authority", settings)) {
        return EXIT_USAGE;
    }
    *ret_module = settings->module[0] != '\0' ? settings->module : SAKSI_PKCS11_MODULE;
    return 0;
}

static int read_pin_file(const char *path, const struct pkcs11_token *token, struct password *pin)
{
    if (token->pin_final) {
        terminal_error("authority",
                       "%s: a wrong PIN would lock the token now; type it at the terminal", path);
        return EXIT_PERMISSION;
    }
    enum password_error error = password_read_file(path, pin);
    if (error != PASSWORD_OK) {
        terminal_error("authority", "%s: %s", path, password_error_text(error));
        return EXIT_INPUT_OUTPUT;
    }
    return 0;
}

static void ask_pin(const struct pkcs11_token *token, struct password *pin)
{
    char prompt[160];
    const char *warning = token->pin_final ? " (ONE TRY LEFT: a wrong one locks it)"
                          : token->pin_low ? " (a wrong one was tried before)"
                                           : "";
    (void)snprintf(prompt, sizeof prompt, "PIN of the token %s%s: ", token->label, warning);
    if (!password_ask(prompt, pin)) {
        pin->text[0] = '\0';
    }
}

/* 0 with an empty PIN when nobody was there to type one. */
static int get_pin(const struct authority_options *o, const struct pkcs11_uri *uri,
                   const struct pkcs11_token *token, struct password *pin)
{
    const char *file = o->password_file != NULL     ? o->password_file
                       : uri->pin_source[0] != '\0' ? uri->pin_source
                                                    : NULL;
    if (!token->wants_pin) {
        if (token->own_pad) {
            terminal_error("authority", "type the PIN at the token's own pad");
        }
        return 0;
    }
    if (file != NULL) {
        return read_pin_file(file, token, pin);
    }
    ask_pin(token, pin);
    return 0;
}

static int log_in(const struct authority_options *o, const struct pkcs11_uri *uri,
                  struct pkcs11 *token)
{
    struct password pin = {""};
    struct pkcs11_problem problem;
    int status = get_pin(o, uri, pkcs11_info(token), &pin);
    if (status == 0 && pkcs11_login(token, pin.text, &problem) != PKCS11_OK) {
        status = fail(pkcs11_info(token)->label, &problem);
    }
    password_wipe(&pin);
    return status;
}

static int open_key(const struct authority_options *o, const struct pkcs11_uri *uri,
                    const char *module, struct crypto_private_key **ret_key)
{
    struct pkcs11 *token = NULL;
    struct pkcs11_problem problem;
    if (pkcs11_open(module, uri, &token, &problem) != PKCS11_OK) {
        return fail(module, &problem);
    }
    const struct pkcs11_token *info = pkcs11_info(token);
    terminal_error("authority", "token %s (%s, serial %s), through %s", info->label, info->model,
                   info->serial, module);
    int status = log_in(o, uri, token);
    if (status == 0 && pkcs11_key(token, uri, ret_key, &problem) != PKCS11_OK) {
        status = fail(info->label, &problem);
    }
    if (status != 0) {
        pkcs11_close(token);
    }
    return status;
}

int authority_read_token_key(const struct authority_options *o, const char *name,
                             struct crypto_private_key **ret_key)
{
    struct pkcs11_uri uri;
    struct pkcs11_uri_fault fault;
    struct settings settings;
    const char *module = NULL;
    enum pkcs11_uri_error error = pkcs11_uri_parse(name, &uri, &fault);
    if (error != PKCS11_URI_OK) {
        return fail_usage(&fault, error);
    }
    if (o->password_file != NULL && uri.pin_source[0] != '\0') {
        return authority_usage("--key: has a pin-source already; leave out --password-file");
    }
    int status = choose_module(o, &uri, &settings, &module);
    return status == 0 ? open_key(o, &uri, module, ret_key) : status;
}
