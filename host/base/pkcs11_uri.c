/* SPDX-License-Identifier: Apache-2.0
 *
 * RFC 7512 §2.3, cut to what is supported.
 */
#include "base/pkcs11_uri.h"

#include "codec/cbor.h"

#define SCHEME "pkcs11:"

bool pkcs11_uri_is(const char *text)
{
    return strncmp(text, SCHEME, strlen(SCHEME)) == 0;
}

const char *pkcs11_uri_error_text(enum pkcs11_uri_error error)
{
    switch (error) {
    case PKCS11_URI_OK:
        return "is understood";
    case PKCS11_URI_FORMAT:
        break;
    case PKCS11_URI_UNKNOWN:
        return "is not supported; use token, object, id, serial, manufacturer, model, slot-id, "
               "type=private, and after ? module-path and pin-source";
    case PKCS11_URI_TWICE:
        return "stands there twice";
    case PKCS11_URI_VALUE:
        return "is empty, too long, or not what this attribute holds";
    case PKCS11_URI_SECRET:
        return "would show the PIN to everybody; use pin-source or --password-file, or type it";
    }
    return "is not a pkcs11: URI (RFC 7512): escape what is not plain, as %20";
}

/* --- values: each is given the decoded bytes, and says whether they are of its kind --- */

/* Shown to people, so of the characters that may be shown. */
static bool take_text(struct span value, char *to, size_t size)
{
    if (value.len == 0 || value.len >= size || cbor_check_text(value) != CBOR_OK) {
        return false;
    }
    memcpy(to, value.ptr, value.len);
    to[value.len] = '\0';
    return true;
}

static bool take_token(struct pkcs11_uri *uri, struct span value)
{
    return take_text(value, uri->token, sizeof uri->token);
}

static bool take_manufacturer(struct pkcs11_uri *uri, struct span value)
{
    return take_text(value, uri->manufacturer, sizeof uri->manufacturer);
}

static bool take_serial(struct pkcs11_uri *uri, struct span value)
{
    return take_text(value, uri->serial, sizeof uri->serial);
}

static bool take_model(struct pkcs11_uri *uri, struct span value)
{
    return take_text(value, uri->model, sizeof uri->model);
}

static bool take_object(struct pkcs11_uri *uri, struct span value)
{
    return take_text(value, uri->object, sizeof uri->object);
}

static bool take_id(struct pkcs11_uri *uri, struct span value)
{
    if (value.len == 0 || value.len > sizeof uri->id) {
        return false;
    }
    memcpy(uri->id, value.ptr, value.len);
    uri->id_len = value.len;
    return true;
}

static bool take_slot(struct pkcs11_uri *uri, struct span value)
{
    uint64_t number = 0;
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] < '0' || value.ptr[i] > '9') {
            return false;
        }
        number = number * 10 + (uint64_t)(value.ptr[i] - '0');
        if (number > UINT32_MAX) {
            return false;
        }
    }
    uri->has_slot = true;
    uri->slot = (uint32_t)number;
    return value.len != 0;
}

/* Public keys and certificates sign nothing. */
static bool take_type(struct pkcs11_uri *uri, struct span value)
{
    (void)uri;
    return span_equal(value, span_str("private"));
}

/* A path that does not depend on where the program was started. */
static bool take_path(struct span value, char *to, size_t size)
{
    return value.len != 0 && value.ptr[0] == '/' && take_text(value, to, size);
}

static bool take_module_path(struct pkcs11_uri *uri, struct span value)
{
    return take_path(value, uri->module_path, sizeof uri->module_path);
}

/* A path or a file: URI of this machine (RFC 8089); no other scheme, and no program after "|". */
static bool take_pin_source(struct pkcs11_uri *uri, struct span value)
{
    struct span scheme = span_str("file:");
    struct span host = span_str("//");
    if (span_starts_with(value, scheme)) {
        value = span_of(value.ptr + scheme.len, value.len - scheme.len);
        if (span_starts_with(value, host)) {
            value = span_of(value.ptr + host.len, value.len - host.len);
        }
    }
    return take_path(value, uri->pin_source, sizeof uri->pin_source);
}

/* --- attributes --- */

static const struct attribute {
    const char *name;
    bool (*take)(struct pkcs11_uri *uri, struct span value);
    bool query; /* stands after the question mark */
} attributes[] = {
    {"token", take_token, false},
    {"manufacturer", take_manufacturer, false},
    {"serial", take_serial, false},
    {"model", take_model, false},
    {"object", take_object, false},
    {"id", take_id, false},
    {"slot-id", take_slot, false},
    {"type", take_type, false},
    {"module-path", take_module_path, true},
    {"pin-source", take_pin_source, true},
};
#define ATTRIBUTES (sizeof attributes / sizeof attributes[0])

struct parse {
    struct pkcs11_uri *uri;
    struct pkcs11_uri_fault *fault;
    bool seen[ATTRIBUTES];
};

static bool is_name_character(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

static bool is_name(struct span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_name_character(text.ptr[i])) {
            return false;
        }
    }
    return text.len != 0;
}

/* RFC 7512 §2.3, pk11-pchar and pk11-qchar; ";", "&" after the question mark, and "?" separate. */
static bool is_plain(uint8_t c, bool query)
{
    return is_name_character(c) ||
           strchr(query ? ".~:[]@!$'()*+,=/?|" : ".~:[]@!$'()*+,=&", c) != NULL;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Takes one byte off a value, escaped or plain; -1 when it is neither. */
static int take_byte(struct reader *r, bool query)
{
    uint8_t c = (uint8_t)reader_be(r, 1);
    if (c != '%') {
        return c != '\0' && is_plain(c, query) ? c : -1;
    }
    struct span digits = reader_take(r, 2);
    int high = digits.len == 2 ? hex_digit(digits.ptr[0]) : -1;
    int low = digits.len == 2 ? hex_digit(digits.ptr[1]) : -1;
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static enum pkcs11_uri_error take_value(const struct attribute *attribute, struct span text,
                                        struct pkcs11_uri *uri)
{
    uint8_t room[PATH_MAX + 8];
    struct writer w = writer_of(room, sizeof room);
    struct reader r = reader_of(text);
    while (r.rest.len != 0) {
        int byte = take_byte(&r, attribute->query);
        if (byte < 0) {
            return PKCS11_URI_FORMAT;
        }
        writer_be(&w, (uint64_t)byte, 1);
    }
    return writer_ok(&w) && attribute->take(uri, writer_span(&w)) ? PKCS11_URI_OK
                                                                  : PKCS11_URI_VALUE;
}

static enum pkcs11_uri_error fail(struct parse *p, enum pkcs11_uri_error error, struct span name)
{
    size_t len = name.len < sizeof p->fault->attribute ? name.len : sizeof p->fault->attribute - 1;
    memcpy(p->fault->attribute, name.ptr, len);
    p->fault->attribute[len] = '\0';
    return error;
}

static enum pkcs11_uri_error take_attribute(struct parse *p, struct span text, bool query)
{
    const uint8_t *equals = text.len == 0 ? NULL : memchr(text.ptr, '=', text.len);
    struct span name = span_of(text.ptr, equals == NULL ? 0 : (size_t)(equals - text.ptr));
    if (!is_name(name)) {
        return PKCS11_URI_FORMAT;
    }
    if (span_equal(name, span_str("pin-value"))) {
        return fail(p, PKCS11_URI_SECRET, name);
    }
    for (size_t i = 0; i < ATTRIBUTES; i++) {
        const struct attribute *a = &attributes[i];
        if (a->query != query || !span_equal(name, span_str(a->name))) {
            continue;
        }
        if (p->seen[i]) {
            return fail(p, PKCS11_URI_TWICE, name);
        }
        p->seen[i] = true;
        enum pkcs11_uri_error error =
            take_value(a, span_of(equals + 1, text.len - name.len - 1), p->uri);
        return error == PKCS11_URI_OK ? error : fail(p, error, name);
    }
    return fail(p, PKCS11_URI_UNKNOWN, name);
}

/* Attributes between separators; an empty text has none. */
static enum pkcs11_uri_error take_attributes(struct parse *p, struct span text, bool query)
{
    enum pkcs11_uri_error error = PKCS11_URI_OK;
    bool more = text.len != 0;
    while (more && error == PKCS11_URI_OK) {
        const uint8_t *end = text.len == 0 ? NULL : memchr(text.ptr, query ? '&' : ';', text.len);
        size_t len = end == NULL ? text.len : (size_t)(end - text.ptr);
        error = take_attribute(p, span_of(text.ptr, len), query);
        more = end != NULL;
        text = more ? span_of(end + 1, text.len - len - 1) : text;
    }
    return error;
}

enum pkcs11_uri_error pkcs11_uri_parse(const char *text, struct pkcs11_uri *ret_uri,
                                       struct pkcs11_uri_fault *ret_fault)
{
    struct pkcs11_uri uri = {0};
    struct pkcs11_uri_fault fault = {""};
    struct parse p = {.uri = &uri, .fault = &fault};
    enum pkcs11_uri_error error = PKCS11_URI_FORMAT;
    size_t len = strnlen(text, PKCS11_URI_MAX + 1);
    if (pkcs11_uri_is(text) && len <= PKCS11_URI_MAX) {
        const char *path = text + strlen(SCHEME);
        const char *question = strchr(path, '?');
        size_t path_len = question == NULL ? strlen(path) : (size_t)(question - path);
        error = take_attributes(&p, span_of(path, path_len), false);
        if (error == PKCS11_URI_OK && question != NULL) {
            error = take_attributes(&p, span_str(question + 1), true);
        }
    }
    if (error != PKCS11_URI_OK) {
        *ret_fault = fault;
        return error;
    }
    *ret_uri = uri;
    return PKCS11_URI_OK;
}
