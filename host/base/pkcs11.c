/* SPDX-License-Identifier: Apache-2.0
 *
 * A module and one of its tokens, up to the PIN. What is asked of the token then is pkcs11_key.c's
 * business.
 */
#include "base/pkcs11_session.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "codec/cbor.h"

/* --- failures --- */

enum pkcs11_error pkcs11_fail(struct pkcs11_problem *problem, enum pkcs11_error error,
                              const char *detail)
{
    problem->error = error;
    (void)snprintf(problem->detail, sizeof problem->detail, "%s", detail);
    return error;
}

static enum pkcs11_error error_of(CK_RV rv)
{
    static const struct {
        CK_RV rv;
        enum pkcs11_error error;
    } table[] = {
        {CKR_HOST_MEMORY, PKCS11_SYSTEM},
        {CKR_PIN_INCORRECT, PKCS11_PIN},
        {CKR_PIN_INVALID, PKCS11_PIN_FORM},
        {CKR_PIN_LEN_RANGE, PKCS11_PIN_FORM},
        {CKR_PIN_LOCKED, PKCS11_PIN_LOCKED},
        {CKR_PIN_EXPIRED, PKCS11_PIN_UNSET},
        {CKR_USER_PIN_NOT_INITIALIZED, PKCS11_PIN_UNSET},
        {CKR_KEY_FUNCTION_NOT_PERMITTED, PKCS11_MAY_NOT_SIGN},
        {CKR_KEY_TYPE_INCONSISTENT, PKCS11_MECHANISM},
        {CKR_MECHANISM_INVALID, PKCS11_MECHANISM},
        {CKR_FUNCTION_NOT_SUPPORTED, PKCS11_MECHANISM},
        {CKR_DEVICE_ERROR, PKCS11_REMOVED},
        {CKR_DEVICE_REMOVED, PKCS11_REMOVED},
        {CKR_TOKEN_NOT_PRESENT, PKCS11_REMOVED},
        {CKR_SESSION_HANDLE_INVALID, PKCS11_REMOVED},
        {CKR_SESSION_CLOSED, PKCS11_REMOVED},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].rv == rv) {
            return table[i].error;
        }
    }
    return PKCS11_FAILED;
}

enum pkcs11_error pkcs11_check(struct pkcs11_problem *problem, const char *call, CK_RV rv)
{
    char detail[64];
    if (rv == CKR_OK) {
        return PKCS11_OK;
    }
    (void)snprintf(detail, sizeof detail, "%s gave 0x%lx", call, (unsigned long)rv);
    return pkcs11_fail(problem, error_of(rv), detail);
}

/* --- the module --- */

/* A module that lacks one of these is none we can use. */
static bool is_complete(const CK_FUNCTION_LIST *f)
{
    return (f->version.major == 2 || f->version.major == 3) && f->C_Initialize != NULL &&
           f->C_Finalize != NULL && f->C_GetSlotList != NULL && f->C_GetTokenInfo != NULL &&
           f->C_OpenSession != NULL && f->C_CloseSession != NULL && f->C_Login != NULL &&
           f->C_Logout != NULL && f->C_FindObjectsInit != NULL && f->C_FindObjects != NULL &&
           f->C_FindObjectsFinal != NULL && f->C_GetAttributeValue != NULL &&
           f->C_SignInit != NULL && f->C_Sign != NULL;
}

static enum pkcs11_error load(struct pkcs11 *p, const char *module, struct pkcs11_problem *problem)
{
    struct stat st;
    CK_C_GetFunctionList get = NULL;
    if (module[0] != '/' || stat(module, &st) != 0) {
        return pkcs11_fail(problem, PKCS11_NO_MODULE, "");
    }
    p->library = dlopen(module, RTLD_NOW | RTLD_LOCAL);
    if (p->library == NULL) {
        const char *reason = dlerror();
        return pkcs11_fail(problem, PKCS11_NOT_MODULE, reason != NULL ? reason : "");
    }
    void *symbol = dlsym(p->library, "C_GetFunctionList");
    if (symbol == NULL) {
        return pkcs11_fail(problem, PKCS11_NOT_MODULE, "it has no C_GetFunctionList");
    }
    memcpy(&get, &symbol, sizeof get); /* ISO C has no cast from an object to a function */
    CK_RV rv = get(&p->f);
    if (rv == CKR_OK && (p->f == NULL || !is_complete(p->f))) {
        return pkcs11_fail(problem, PKCS11_NOT_MODULE,
                           "its list of functions is not one of version 2 or 3");
    }
    return pkcs11_check(problem, "C_GetFunctionList", rv);
}

static enum pkcs11_error initialise(struct pkcs11 *p, struct pkcs11_problem *problem)
{
    CK_RV rv = p->f->C_Initialize(NULL);
    p->initialised = rv == CKR_OK;
    return rv == CKR_CRYPTOKI_ALREADY_INITIALIZED ? PKCS11_OK
                                                  : pkcs11_check(problem, "C_Initialize", rv);
}

void pkcs11_close(struct pkcs11 *token)
{
    if (token == NULL) {
        return;
    }
    if (token->logged_in) {
        (void)token->f->C_Logout(token->session);
    }
    if (token->has_session) {
        (void)token->f->C_CloseSession(token->session);
    }
    if (token->initialised) {
        (void)token->f->C_Finalize(NULL);
    }
    if (token->library != NULL) {
        (void)dlclose(token->library);
    }
    password_wipe(&token->pin);
    free(token);
}

/* --- the token --- */

/* Fields are padded with blanks (CK_TOKEN_INFO); some modules pad with NULs. */
static struct span unpad(const unsigned char *field, size_t size)
{
    while (size != 0 && (field[size - 1] == ' ' || field[size - 1] == '\0')) {
        size--;
    }
    return span_of(field, size);
}

static bool is_asked(const char *wanted, const unsigned char *field, size_t size)
{
    return wanted[0] == '\0' || span_equal(span_str(wanted), unpad(field, size));
}

static bool is_named(const struct pkcs11_uri *uri, CK_SLOT_ID slot, const CK_TOKEN_INFO *info)
{
    return (info->flags & CKF_TOKEN_INITIALIZED) != 0 && (!uri->has_slot || uri->slot == slot) &&
           is_asked(uri->token, info->label, sizeof info->label) &&
           is_asked(uri->manufacturer, info->manufacturerID, sizeof info->manufacturerID) &&
           is_asked(uri->serial, info->serialNumber, sizeof info->serialNumber) &&
           is_asked(uri->model, info->model, sizeof info->model);
}

static void show_field(const unsigned char *field, size_t size, char *to)
{
    struct span text = unpad(field, size);
    bool good = cbor_check_text(text) == CBOR_OK;
    for (size_t i = 0; i < text.len; i++) {
        bool plain = text.ptr[i] >= 0x20 && text.ptr[i] <= 0x7E;
        to[i] = good || plain ? (char)text.ptr[i] : '?';
    }
    to[text.len] = '\0';
}

static void take_token(struct pkcs11 *p, CK_SLOT_ID slot, const CK_TOKEN_INFO *info)
{
    p->slot = slot;
    p->flags = info->flags;
    show_field(info->label, sizeof info->label, p->info.label);
    show_field(info->manufacturerID, sizeof info->manufacturerID, p->info.manufacturer);
    show_field(info->serialNumber, sizeof info->serialNumber, p->info.serial);
    show_field(info->model, sizeof info->model, p->info.model);
    p->info.own_pad = (info->flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;
    p->info.wants_pin = (info->flags & CKF_LOGIN_REQUIRED) != 0 && !p->info.own_pad;
    p->info.pin_low = (info->flags & CKF_USER_PIN_COUNT_LOW) != 0;
    p->info.pin_final = (info->flags & CKF_USER_PIN_FINAL_TRY) != 0;
}

/* The first call, without room, has the module look for new tokens (PKCS#11 §5.5). */
static enum pkcs11_error list_slots(struct pkcs11 *p, CK_SLOT_ID slot[PKCS11_MAX_SLOTS],
                                    CK_ULONG *ret_count, struct pkcs11_problem *problem)
{
    CK_ULONG count = 0;
    enum pkcs11_error error =
        pkcs11_check(problem, "C_GetSlotList", p->f->C_GetSlotList(CK_TRUE, NULL, &count));
    if (error != PKCS11_OK) {
        return error;
    }
    count = PKCS11_MAX_SLOTS;
    error = pkcs11_check(problem, "C_GetSlotList", p->f->C_GetSlotList(CK_TRUE, slot, &count));
    if (error == PKCS11_OK && count > PKCS11_MAX_SLOTS) {
        error = pkcs11_fail(problem, PKCS11_ANSWER, "C_GetSlotList: more than there is room for");
    }
    *ret_count = count;
    return error;
}

static enum pkcs11_error choose_token(struct pkcs11 *p, const struct pkcs11_uri *uri,
                                      struct pkcs11_problem *problem)
{
    CK_SLOT_ID slot[PKCS11_MAX_SLOTS];
    CK_ULONG count = 0;
    size_t found = 0;
    enum pkcs11_error error = list_slots(p, slot, &count, problem);
    for (CK_ULONG i = 0; error == PKCS11_OK && i < count && found < 2; i++) {
        CK_TOKEN_INFO info = {0};
        if (p->f->C_GetTokenInfo(slot[i], &info) == CKR_OK && is_named(uri, slot[i], &info)) {
            take_token(p, slot[i], &info);
            found++;
        }
    }
    if (error == PKCS11_OK && found != 1) {
        error = pkcs11_fail(problem, found == 0 ? PKCS11_NO_TOKEN : PKCS11_TOKENS, "");
    }
    return error;
}

static enum pkcs11_error open_session(struct pkcs11 *p, struct pkcs11_problem *problem)
{
    enum pkcs11_error error =
        pkcs11_check(problem, "C_OpenSession",
                     p->f->C_OpenSession(p->slot, CKF_SERIAL_SESSION, NULL, NULL, &p->session));
    p->has_session = error == PKCS11_OK;
    return error;
}

enum pkcs11_error pkcs11_open(const char *module, const struct pkcs11_uri *uri,
                              struct pkcs11 **ret_token, struct pkcs11_problem *problem)
{
    struct pkcs11 *p = (struct pkcs11 *)calloc(1, sizeof *p);
    if (p == NULL) {
        return pkcs11_fail(problem, PKCS11_SYSTEM, "");
    }
    enum pkcs11_error error = load(p, module, problem);
    if (error == PKCS11_OK) {
        error = initialise(p, problem);
    }
    if (error == PKCS11_OK) {
        error = choose_token(p, uri, problem);
    }
    if (error == PKCS11_OK) {
        error = open_session(p, problem);
    }
    if (error != PKCS11_OK) {
        pkcs11_close(p);
        return error;
    }
    *ret_token = p;
    return PKCS11_OK;
}

const struct pkcs11_token *pkcs11_info(const struct pkcs11 *token)
{
    return &token->info;
}

/* --- the PIN --- */

CK_RV pkcs11_log_in(struct pkcs11 *p, CK_USER_TYPE user)
{
    if (!p->has_pin) { /* a pad of the token's own */
        return p->f->C_Login(p->session, user, NULL, 0);
    }
    return p->f->C_Login(p->session, user, (CK_UTF8CHAR *)p->pin.text, strlen(p->pin.text));
}

enum pkcs11_error pkcs11_login(struct pkcs11 *token, const char *pin,
                               struct pkcs11_problem *problem)
{
    if ((token->flags & CKF_LOGIN_REQUIRED) == 0) {
        return PKCS11_OK;
    }
    if ((token->flags & CKF_USER_PIN_LOCKED) != 0) {
        return pkcs11_fail(problem, PKCS11_PIN_LOCKED, "");
    }
    token->has_pin = token->info.wants_pin;
    if (token->has_pin) {
        if (pin == NULL || pin[0] == '\0') {
            return pkcs11_fail(problem, PKCS11_NO_PIN, "");
        }
        if (strlen(pin) >= sizeof token->pin.text) {
            return pkcs11_fail(problem, PKCS11_PIN_FORM, "");
        }
        memcpy(token->pin.text, pin, strlen(pin) + 1);
    }
    CK_RV rv = pkcs11_log_in(token, CKU_USER);
    token->logged_in = rv == CKR_OK;
    return rv == CKR_USER_ALREADY_LOGGED_IN ? PKCS11_OK : pkcs11_check(problem, "C_Login", rv);
}
