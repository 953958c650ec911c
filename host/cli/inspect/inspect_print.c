/* SPDX-License-Identifier: Apache-2.0
 *
 * Walks an item and prints it. Nesting is bounded by the reader's own limit, byte strings that hold
 * CBOR included.
 */
#include "cli/inspect/inspect_print.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/inspect/inspect_cbor.h"

/* Items in byte strings in items: each within INSPECT_MAX_DEPTH, opened only where a whole one
 * still fits. */
#define PRINT_MAX_DEPTH (3 * INSPECT_MAX_DEPTH)

struct printer {
    struct writer *w;
    unsigned depth; /* containers, tags and opened byte strings around the current item */
    unsigned indent;
};

static void print_item(struct printer *p, struct reader *r, enum inspect_place place);

static void put(struct printer *p, const char *text)
{
    writer_put(p->w, span_str(text));
}

static void new_line(struct printer *p)
{
    put(p, "\n");
    for (unsigned i = 0; i < p->indent; i++) {
        put(p, "  ");
    }
}

static void put_comment(struct printer *p, const char *before, const char *text, const char *after)
{
    if (text != NULL) {
        put(p, before);
        put(p, text);
        put(p, after);
    }
}

static void put_hex(struct printer *p, struct span bytes)
{
    static const char digit[] = "0123456789abcdef";
    put(p, "h'");
    for (size_t i = 0; i < bytes.len; i++) {
        const char pair[2] = {digit[bytes.ptr[i] >> 4], digit[bytes.ptr[i] & 0x0F]};
        writer_put(p->w, span_of(pair, 2));
    }
    put(p, "'");
}

/* -1 - value: 64 bits and a sign, so one more digit than fits in an int64_t. */
static void put_integer(struct printer *p, struct inspect_head head)
{
    char text[24];
    bool negative = head.major == INSPECT_NEGATIVE;
    if (negative && head.value == UINT64_MAX) {
        put(p, "-18446744073709551616");
        return;
    }
    (void)snprintf(text, sizeof text, "%s%" PRIu64, negative ? "-" : "",
                   negative ? head.value + 1 : head.value);
    put(p, text);
}

/* RFC 8949 Appendix D. */
static double half_float(uint64_t bits)
{
    int exponent = (int)(bits >> 10 & 0x1F);
    double mantissa = (double)(bits & 0x3FF);
    double value = exponent == 0    ? ldexp(mantissa, -24)
                   : exponent != 31 ? ldexp(mantissa + 1024, exponent - 25)
                   : mantissa == 0  ? INFINITY
                                    : NAN;
    return (bits & 0x8000) != 0 ? -value : value;
}

static double float_of(struct inspect_head head)
{
    double value = 0;
    float single = 0;
    uint32_t bits = (uint32_t)head.value;
    switch (head.info) {
    case 25:
        return half_float(head.value);
    case 26:
        memcpy(&single, &bits, sizeof single);
        return (double)single;
    default:
        memcpy(&value, &head.value, sizeof value);
        return value;
    }
}

/* The shortest decimal that reads back as the same number; programs run in the C locale for
 * numbers. */
static void put_float(struct printer *p, double value)
{
    char text[40];
    if (isnan(value) || isinf(value)) {
        put(p, isnan(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity");
        return;
    }
    for (int digits = 1; digits <= 17; digits++) {
        (void)snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value) {
            break;
        }
    }
    put(p, text);
    if (strpbrk(text, ".e") == NULL) {
        put(p, ".0");
    }
}

static void put_simple(struct printer *p, struct inspect_head head)
{
    static const char *const known[] = {"false", "true", "null", "undefined"};
    char text[16];
    if (head.info >= 25) {
        put_float(p, float_of(head));
    } else if (head.value >= 20 && head.value <= 23) {
        put(p, known[head.value - 20]);
    } else {
        (void)snprintf(text, sizeof text, "simple(%u)", (unsigned)head.value);
        put(p, text);
    }
}

/* Byte strings that hold CBOR are opened where COSE puts CBOR into byte strings. */
static void put_bytes(struct printer *p, struct span bytes, enum inspect_place place)
{
    if (place == INSPECT_PLAIN || p->depth > PRINT_MAX_DEPTH - INSPECT_MAX_DEPTH - 2 ||
        !inspect_is_item(bytes)) {
        put_hex(p, bytes);
        return;
    }
    struct reader r = reader_of(bytes);
    put(p, "<< ");
    p->depth++;
    print_item(p, &r, place);
    p->depth--;
    put(p, " >>");
}

static void put_string(struct printer *p, struct inspect_head head, struct span bytes,
                       enum inspect_place place)
{
    if (head.major == INSPECT_BYTES) {
        put_bytes(p, bytes, place);
    } else if (!inspect_print_text(p->w, bytes)) {
        put(p, "/ text that is not UTF-8 / ");
        put_hex(p, bytes);
    }
}

static void print_string(struct printer *p, struct reader *r, enum inspect_place place)
{
    struct reader whole = *r;
    struct inspect_head head = inspect_head(r);
    struct inspect_rest rest = inspect_rest_of(head);
    struct writer none = writer_of(NULL, 0);
    if (!head.indefinite) {
        struct span bytes = inspect_string(&whole, head.major, &none);
        *r = whole;
        put_string(p, head, bytes, place);
        return;
    }
    put(p, "(_ ");
    for (const char *comma = ""; inspect_more(r, &rest); comma = ", ") {
        put(p, comma);
        put_string(p, head, inspect_string(r, head.major, &none), INSPECT_PLAIN);
    }
    put(p, ")");
}

static void print_array(struct printer *p, struct reader *r, enum inspect_place place)
{
    struct inspect_head head = inspect_head(r);
    struct inspect_rest rest = inspect_rest_of(head);
    int64_t index = 0;
    put(p, head.indefinite ? "[_ " : "[");
    p->indent++;
    for (; inspect_more(r, &rest) && !r->failed; index++) {
        enum inspect_place value;
        put(p, index == 0 ? "" : ",");
        new_line(p);
        put_comment(p, "/ ", inspect_label_name(place, index, &value), " / ");
        print_item(p, r, value);
    }
    p->indent--;
    if (index != 0) {
        new_line(p);
    }
    put(p, "]");
}

static void print_pair(struct printer *p, struct reader *r, enum inspect_place place)
{
    char note[INSPECT_NOTE_SIZE];
    struct reader key = *r;
    enum inspect_place inside = INSPECT_PLAIN;
    int64_t label = 0;
    int64_t number = 0;
    bool labelled = inspect_int(&key, &label);
    if (labelled) {
        put_comment(p, "/ ", inspect_label_name(place, label, &inside), " / ");
    }
    print_item(p, r, INSPECT_PLAIN);
    put(p, ": ");
    struct reader value = *r;
    print_item(p, r, inside);
    if (labelled && inspect_int(&value, &number)) {
        put_comment(p, " / ", inspect_label_note(place, label, number, note), " /");
    }
}

static void print_map(struct printer *p, struct reader *r, enum inspect_place place)
{
    struct inspect_head head = inspect_head(r);
    struct inspect_rest rest = inspect_rest_of(head);
    const char *comma = "";
    put(p, head.indefinite ? "{_ " : "{");
    p->indent++;
    while (inspect_more(r, &rest) && !r->failed) {
        put(p, comma);
        new_line(p);
        print_pair(p, r, place);
        comma = ",";
    }
    p->indent--;
    if (*comma != '\0') {
        new_line(p);
    }
    put(p, "}");
}

static void print_tag(struct printer *p, struct reader *r, enum inspect_place place)
{
    put_integer(p, inspect_head(r));
    put(p, "(");
    print_item(p, r, place);
    put(p, ")");
}

static void print_item(struct printer *p, struct reader *r, enum inspect_place place)
{
    struct inspect_head head = inspect_peek(r);
    if (r->failed || p->depth > PRINT_MAX_DEPTH) {
        r->failed = true;
        return;
    }
    p->depth++;
    switch (head.major) {
    case INSPECT_UINT:
    case INSPECT_NEGATIVE:
        put_integer(p, inspect_head(r));
        break;
    case INSPECT_BYTES:
    case INSPECT_TEXT:
        print_string(p, r, place);
        break;
    case INSPECT_ARRAY:
        print_array(p, r, place);
        break;
    case INSPECT_MAP:
        print_map(p, r, place);
        break;
    case INSPECT_TAG:
        print_tag(p, r, place);
        break;
    case INSPECT_SIMPLE:
        put_simple(p, inspect_head(r));
        break;
    }
    p->depth--;
}

bool inspect_print(struct writer *w, struct span item, enum inspect_place place)
{
    /* Checked as a whole first: what follows needs no error of its own. */
    if (!inspect_is_item(item)) {
        return false;
    }
    struct printer p = {.w = w};
    struct reader r = reader_of(item);
    print_item(&p, &r, place);
    return reader_done(&r);
}
