/* SPDX-License-Identifier: Apache-2.0
 *
 * Knows the first bytes of what is its own; leaves images to the decoder.
 */
#include "cli/trust_input.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/input.h"
#include "cli/place.h"
#include "cli/terminal.h"
#include "codec/fountain.h"
#include "codec/trust_doc.h"
#include "codec/trust_text.h"

_Static_assert(TRUST_MAX_BUNDLE <= INPUT_MAX_BYTES, "bundles are no larger than other inputs");

bool trust_input_is_document(struct span bytes)
{
    static const uint8_t tag[] = {0xD8, 0x62, 0x84}; /* COSE_Sign: tag 98, an array of four */
    return span_starts_with(bytes, span_of(tag, sizeof tag));
}

/* An array of five, in which no image and no text begins. */
static bool is_bundle(struct span bytes)
{
    return bytes.len > 1 && bytes.ptr[0] == 0x85;
}

int trust_input_token(const char *path, struct span text, uint8_t **ret_bytes, size_t *ret_len)
{
    uint8_t *bytes = malloc(TRUST_TEXT_MAX_DOCUMENT);
    struct writer w = writer_of(bytes, TRUST_TEXT_MAX_DOCUMENT);
    if (bytes == NULL) {
        terminal_error("trust", "%s: memory ran out", path);
        return EXIT_INTERNAL;
    }
    if (!trust_text_decode(text, &w)) {
        terminal_error("trust", "%s: refused: FORMAT: its freshness token is damaged", path);
        free(bytes);
        return EXIT_REFUSED;
    }
    *ret_bytes = bytes;
    *ret_len = w.len;
    return 0;
}

/* Texts of one input, until one of them is a token. */
struct search {
    struct span token;
    bool frame; /* there was a frame of a sequence */
    bool two;   /* another token, too */
};

static void look_at(struct search *s, struct span text)
{
    if (trust_text_is(text)) {
        s->two = s->two || (s->token.len != 0 && !span_equal(s->token, text));
        s->token = text;
    }
    s->frame = s->frame || span_starts_with(text, span_str(FOUNTAIN_PREFIX));
}

static int take_token(const char *path, const struct search *s, uint8_t **ret_bytes,
                      size_t *ret_len)
{
    if (s->token.len != 0 && !s->two) {
        return trust_input_token(path, s->token, ret_bytes, ret_len);
    }
    terminal_error("trust", "%s: %s", path,
                   s->two     ? "holds two freshness tokens; import one at a time"
                   : s->frame ? "holds codes of a sequence; saksi trust receive puts them together"
                              : "refused: FORMAT: holds neither a bundle nor a freshness token");
    return EXIT_REFUSED;
}

static int token_in_text(const char *path, struct span text, uint8_t **ret_bytes, size_t *ret_len)
{
    struct search search = {.frame = false};
    struct span line;
    while (input_next_line(&text, &line)) {
        look_at(&search, line);
    }
    return take_token(path, &search, ret_bytes, ret_len);
}

static int token_in_image(const char *path, struct span file, uint8_t **ret_bytes, size_t *ret_len)
{
    struct decoder_result codes;
    struct search search = {.frame = false};
    enum decoder_error error = decoder_scan(place_libexec(), file, &codes);
    if (error != DECODER_OK) {
        terminal_error("trust", "%s: %s", path, decoder_error_text(error, file_kind_of(file)));
        return error == DECODER_NO_HELPER || error == DECODER_SYSTEM ? EXIT_INTERNAL : EXIT_REFUSED;
    }
    for (size_t i = 0; i < codes.count; i++) {
        look_at(&search, codes.code[i].text);
    }
    int status = take_token(path, &search, ret_bytes, ret_len);
    decoder_result_clear(&codes);
    return status;
}

int trust_input_open(const char *path, uint8_t **ret_bytes, size_t *ret_len)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    enum file_error error = file_read(path, TRUST_MAX_BUNDLE, &bytes, &len);
    if (error != FILE_OK) {
        terminal_error("trust", "%s: %s", path, file_error_text(error));
        return error == FILE_SYSTEM ? EXIT_INTERNAL : EXIT_INPUT_OUTPUT;
    }
    struct span file = span_of(bytes, len);
    enum file_kind kind = file_kind_of(file);
    if (is_bundle(file) || trust_input_is_document(file) || kind == FILE_KIND_UNKNOWN) {
        *ret_bytes = bytes; /* what it is not, the import will say */
        *ret_len = len;
        return 0;
    }
    int status = kind == FILE_KIND_TEXT ? token_in_text(path, file, ret_bytes, ret_len)
                                        : token_in_image(path, file, ret_bytes, ret_len);
    free(bytes);
    return status;
}
