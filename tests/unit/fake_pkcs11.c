/* SPDX-License-Identifier: Apache-2.0
 *
 * The module of fake_pkcs11.h. Object 1 is the private key, 2 its public key.
 */
#include "fake_pkcs11.h"

#include <stdint.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <p11-kit/pkcs11.h>

#define EXPORT __attribute__((visibility("default")))

EXPORT struct fake_state fake_state;
EXPORT CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list);

static EVP_PKEY *key[2][2]; /* by kind; the second one is somebody else's */
static CK_OBJECT_CLASS wanted;
static unsigned found;
static CK_MECHANISM_TYPE mechanism;

static EVP_PKEY *key_at(bool edwards, int which)
{
    EVP_PKEY **at = &key[edwards][which];
    if (*at == NULL) {
        *at = edwards ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")
                      : EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    }
    return *at;
}

static bool lies(enum fake_lie lie)
{
    return fake_state.lie == lie;
}

/* --- slots and tokens --- */

static CK_RV initialise(void *args)
{
    (void)args;
    fake_state.open = !lies(FAKE_INITIALISE_FAILS);
    return fake_state.open ? CKR_OK : CKR_GENERAL_ERROR;
}

static CK_RV finalise(void *reserved)
{
    (void)reserved;
    fake_state.open = false;
    return CKR_OK;
}

static CK_RV list_slots(CK_BBOOL present, CK_SLOT_ID *slot, CK_ULONG *count)
{
    (void)present;
    CK_ULONG own = lies(FAKE_TOKEN_TWICE) ? 2 : 1;
    if (lies(FAKE_SLOTS_FAIL)) {
        return CKR_FUNCTION_FAILED;
    }
    if (slot == NULL) {
        *count = own;
        return CKR_OK;
    }
    if (lies(FAKE_SLOTS_GREW)) {
        *count = 100000;
        return CKR_BUFFER_TOO_SMALL;
    }
    for (CK_ULONG i = 0; i < own; i++) {
        slot[i] = 5 + i;
    }
    *count = lies(FAKE_SLOTS_TOO_MANY) ? (CK_ULONG)-1 : own;
    return CKR_OK;
}

static void fill(unsigned char *field, size_t size, const char *text)
{
    memset(field, ' ', size);
    memcpy(field, text, strlen(text));
}

static CK_RV token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
    (void)slot;
    if (lies(FAKE_TOKEN_FAILS)) {
        return CKR_DEVICE_ERROR;
    }
    fill(info->label, sizeof info->label, lies(FAKE_TOKEN_CONTROLS) ? "F\x1B[31m\xFF" : "Fake");
    fill(info->manufacturerID, sizeof info->manufacturerID, "Liars");
    fill(info->model, sizeof info->model, "0123456789abcdef");
    memset(info->serialNumber, 0, sizeof info->serialNumber); /* padded with NULs */
    memcpy(info->serialNumber, "42", 2);
    info->flags = CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED;
    info->flags |= lies(FAKE_TOKEN_EMPTY) ? 0 : CKF_TOKEN_INITIALIZED;
    info->flags |= lies(FAKE_PIN_LOCKED_FLAG) ? CKF_USER_PIN_LOCKED : 0;
    return CKR_OK;
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify,
                          CK_SESSION_HANDLE *session)
{
    (void)flags;
    (void)application;
    (void)notify;
    if (lies(FAKE_SESSION_FAILS)) {
        return CKR_SESSION_COUNT;
    }
    *session = slot + 100;
    fake_state.sessions++;
    return CKR_OK;
}

static CK_RV close_session(CK_SESSION_HANDLE session)
{
    (void)session;
    fake_state.sessions--;
    return CKR_OK;
}

/* --- the PIN --- */

static CK_RV log_in(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG len)
{
    (void)session;
    (void)user;
    fake_state.logins++;
    switch (fake_state.lie) {
    case FAKE_PIN_LOCKED:
        return CKR_PIN_LOCKED;
    case FAKE_PIN_LENGTH:
        return CKR_PIN_LEN_RANGE;
    case FAKE_PIN_EXPIRED:
        return CKR_PIN_EXPIRED;
    default:
        break;
    }
    if (len != strlen(FAKE_PIN) || memcmp(pin, FAKE_PIN, len) != 0) {
        fake_state.wrong_pins++;
        return CKR_PIN_INCORRECT;
    }
    return CKR_OK;
}

static CK_RV log_out(CK_SESSION_HANDLE session)
{
    (void)session;
    return CKR_OK;
}

/* --- objects --- */

static CK_RV find_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE *like, CK_ULONG count)
{
    (void)session;
    (void)count;
    memcpy(&wanted, like[0].pValue, sizeof wanted);
    found = 0;
    return lies(FAKE_FIND_INIT_FAILS) ? CKR_DEVICE_REMOVED : CKR_OK;
}

static unsigned how_many(void)
{
    if (wanted == CKO_PUBLIC_KEY) {
        return lies(FAKE_PUBLIC_NONE) ? 0 : lies(FAKE_PUBLIC_TWICE) ? 2 : 1;
    }
    return lies(FAKE_FIND_ENDLESS) ? ~0U : lies(FAKE_FIND_NONE) ? 0 : 1;
}

static CK_RV find_next(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *object, CK_ULONG most,
                       CK_ULONG *count)
{
    (void)session;
    fake_state.finds++;
    if (lies(FAKE_FIND_FAILS)) {
        return CKR_FUNCTION_FAILED;
    }
    *count = 0;
    for (; *count < most && found < how_many(); found++) {
        object[(*count)++] = wanted == CKO_PUBLIC_KEY ? 2 : 1;
    }
    if (lies(FAKE_FIND_MORE)) {
        *count = most + 1000;
    }
    return CKR_OK;
}

static CK_RV find_final(CK_SESSION_HANDLE session)
{
    (void)session;
    return CKR_OK;
}

/* A value into the caller's room, as the standard has it. */
static CK_RV give(CK_ATTRIBUTE *a, const void *value, size_t len)
{
    if (len > a->ulValueLen) {
        a->ulValueLen = CK_UNAVAILABLE_INFORMATION;
        return CKR_BUFFER_TOO_SMALL;
    }
    memcpy(a->pValue, value, len);
    a->ulValueLen = len;
    return CKR_OK;
}

static CK_RV give_type(CK_ATTRIBUTE *a)
{
    CK_KEY_TYPE type = lies(FAKE_TYPE_RSA) ? CKK_RSA : fake_state.edwards ? CKK_EC_EDWARDS : CKK_EC;
    return give(a, &type, lies(FAKE_TYPE_SHORT) ? 1 : lies(FAKE_TYPE_EMPTY) ? 0 : sizeof type);
}

static CK_RV give_curve(CK_ATTRIBUTE *a)
{
    static const uint8_t p256[] = {0x06, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7};
    static const uint8_t p384[] = {0x06, 5, 0x2B, 0x81, 4, 0, 0x22};
    static const uint8_t ed25519[] = {0x06, 3, 0x2B, 0x65, 0x70};
    if (lies(FAKE_CURVE_EMPTY)) {
        return give(a, "", 0);
    }
    if (lies(FAKE_CURVE_OTHER)) {
        return give(a, p384, sizeof p384);
    }
    return fake_state.edwards ? give(a, ed25519, sizeof ed25519) : give(a, p256, sizeof p256);
}

/* The point in its OCTET STRING. */
static size_t wrapped_point(uint8_t room[80])
{
    size_t len = 0;
    EVP_PKEY *from = key_at(fake_state.edwards, lies(FAKE_POINT_OTHER_KEY));
    if (fake_state.edwards) {
        len = 32;
        (void)EVP_PKEY_get_raw_public_key(from, room + 2, &len);
    } else {
        (void)EVP_PKEY_get_octet_string_param(from, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, room + 2,
                                              70, &len);
    }
    room[0] = 0x04;
    room[1] = (uint8_t)len;
    return len + 2;
}

static CK_RV give_point(CK_ATTRIBUTE *a)
{
    uint8_t room[80] = {0};
    size_t len = wrapped_point(room);
    switch (fake_state.lie) {
    case FAKE_POINT_RAW:
        return give(a, room + 2, len - 2);
    case FAKE_POINT_EMPTY:
        return give(a, room, 0);
    case FAKE_POINT_SHORT:
        return give(a, room, len - 1);
    case FAKE_POINT_LONG:
        return give(a, room, len + 1);
    case FAKE_POINT_OTHER_LENGTH:
        room[1]++;
        return give(a, room, len);
    case FAKE_POINT_OFF_CURVE:
        room[len - 1] ^= 2; /* of y, its oddness kept; of Ed25519 the sign and a bit of y */
        memset(room + 2, 0xFF, fake_state.edwards ? len - 2 : 0);
        return give(a, room, len);
    default:
        return give(a, room, len);
    }
}

static CK_RV give_bool(CK_ATTRIBUTE *a, bool value)
{
    CK_ULONG wide = value;
    return give(a, &wide, lies(FAKE_SIGN_LONG_BOOL) ? sizeof wide : 1);
}

static CK_RV give_attribute(CK_ATTRIBUTE *a)
{
    switch (a->type) {
    case CKA_KEY_TYPE:
        return give_type(a);
    case CKA_SIGN:
        return give_bool(a, !lies(FAKE_SIGN_FALSE));
    case CKA_ALWAYS_AUTHENTICATE:
        return lies(FAKE_ASKS_AGAIN) ? give_bool(a, true) : CKR_ATTRIBUTE_TYPE_INVALID;
    case CKA_EC_PARAMS:
        return give_curve(a);
    case CKA_EC_POINT:
        return give_point(a);
    case CKA_ID:
        return give(a, "\x07", lies(FAKE_PUBLIC_NAMELESS) ? 0 : 1);
    default:
        return CKR_ATTRIBUTE_TYPE_INVALID;
    }
}

static CK_RV get_attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *a,
                           CK_ULONG count)
{
    (void)session;
    (void)object;
    (void)count;
    switch (fake_state.lie) {
    case FAKE_ATTRIBUTE_LONG:
        a->ulValueLen += 1;
        return CKR_OK;
    case FAKE_ATTRIBUTE_UNAVAILABLE:
        a->ulValueLen = CK_UNAVAILABLE_INFORMATION;
        return CKR_OK;
    case FAKE_ATTRIBUTE_TOO_SMALL:
        return CKR_BUFFER_TOO_SMALL;
    case FAKE_ATTRIBUTE_FAILS:
        return CKR_OBJECT_HANDLE_INVALID;
    default:
        return give_attribute(a);
    }
}

/* --- signing --- */

static CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM *with, CK_OBJECT_HANDLE object)
{
    (void)session;
    mechanism = with->mechanism;
    if (lies(FAKE_NOT_PERMITTED)) {
        return CKR_KEY_FUNCTION_NOT_PERMITTED;
    }
    bool fits = mechanism == (fake_state.edwards ? CKM_EDDSA : CKM_ECDSA) && object == 1;
    return lies(FAKE_MECHANISM) || !fits ? CKR_MECHANISM_INVALID : CKR_OK;
}

static bool sign_ecdsa(const CK_BYTE *digest, size_t len, uint8_t rs[64])
{
    uint8_t der[80];
    const uint8_t *at = der;
    size_t der_len = sizeof der;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key_at(false, 0), NULL);
    bool ok = EVP_PKEY_sign_init(ctx) == 1 && EVP_PKEY_sign(ctx, der, &der_len, digest, len) == 1;
    ECDSA_SIG *sig = ok ? d2i_ECDSA_SIG(NULL, &at, (long)der_len) : NULL;
    ok = sig != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(sig), rs, 32) == 32 &&
         BN_bn2binpad(ECDSA_SIG_get0_s(sig), rs + 32, 32) == 32;
    ECDSA_SIG_free(sig);
    EVP_PKEY_CTX_free(ctx);
    return ok;
}

static bool sign_eddsa(const CK_BYTE *message, size_t len, uint8_t rs[64])
{
    size_t rs_len = 64;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = EVP_DigestSignInit(ctx, NULL, NULL, NULL, key_at(true, 0)) == 1 &&
              EVP_DigestSign(ctx, rs, &rs_len, message, len) == 1;
    EVP_MD_CTX_free(ctx);
    return ok;
}

static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG len, CK_BYTE *signature,
                  CK_ULONG *signature_len)
{
    (void)session;
    uint8_t other[32] = {1};
    fake_state.signs++;
    if (lies(FAKE_REMOVED)) {
        return CKR_DEVICE_REMOVED;
    }
    if (lies(FAKE_SIGNATURE_ELSE)) {
        data = other;
        len = sizeof other;
    }
    bool ok = fake_state.edwards ? sign_eddsa(data, len, signature)
                                 : len == 32 && sign_ecdsa(data, len, signature);
    *signature_len = 64;
    switch (fake_state.lie) {
    case FAKE_SIGNATURE_SHORT:
        *signature_len = 63;
        break;
    case FAKE_SIGNATURE_LONG:
        *signature_len = (CK_ULONG)-1;
        break;
    case FAKE_SIGNATURE_EMPTY:
        *signature_len = 0;
        break;
    case FAKE_SIGNATURE_ZERO:
        memset(signature, 0, 64);
        break;
    case FAKE_SIGNATURE_FLIPPED:
        signature[40] ^= 1;
        break;
    default:
        break;
    }
    return ok ? CKR_OK : CKR_FUNCTION_FAILED;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list)
{
    static CK_FUNCTION_LIST functions;
    functions = (CK_FUNCTION_LIST){
        .version = {lies(FAKE_OLD_VERSION) ? 1 : 2, 40},
        .C_Initialize = initialise,
        .C_Finalize = finalise,
        .C_GetSlotList = list_slots,
        .C_GetTokenInfo = token_info,
        .C_OpenSession = open_session,
        .C_CloseSession = close_session,
        .C_Login = log_in,
        .C_Logout = log_out,
        .C_FindObjectsInit = find_init,
        .C_FindObjects = find_next,
        .C_FindObjectsFinal = find_final,
        .C_GetAttributeValue = get_attribute,
        .C_SignInit = sign_init,
        .C_Sign = lies(FAKE_FUNCTION_MISSING) ? NULL : sign,
    };
    *list = lies(FAKE_NO_LIST) ? NULL : &functions;
    return lies(FAKE_LIST_FAILS) ? CKR_GENERAL_ERROR : CKR_OK;
}
