/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi trust show: a bundle as a sequence of QR codes. Looks at what it is given and leaves the
 * drawing to saksi-frames.
 */
#include "cli/cmd_trust.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/become.h"
#include "cli/command.h"
#include "cli/frames/limits.h"
#include "cli/terminal.h"
#include "cli/trust_input.h"
#include "codec/cose.h"
#include "codec/fountain.h"

/* The number as it goes to the helper, or NULL after a message. */
static const char *number_or(const char *option, const char *typed, const char *standard,
                             int64_t most)
{
    int64_t number;
    if (!trust_number(option, typed, 1, most, &number)) {
        return NULL;
    }
    return typed == NULL ? standard : typed;
}

static bool root_is_sample(struct span document)
{
    struct cose_sign cose;
    struct trust_root *root = malloc(sizeof *root);
    bool sample = root != NULL && cose_sign_decode(document, COSE_TYP_ROOT, &cose) == COSE_OK &&
                  trust_root_decode(cose.payload, root) == TRUST_DOC_OK && root->sample;
    free(root);
    return sample;
}

/* Whether the file is worth showing, and whether its root is a sample: nothing is verified, that is
 * for those who receive it. */
static int look_at(const char *path, bool *sample)
{
    static struct trust_bundle bundle;
    uint8_t *bytes = NULL;
    size_t len = 0;
    enum file_error error = file_read(path, TRUST_MAX_BUNDLE, &bytes, &len);
    if (error != FILE_OK) {
        return trust_file_failed(path, error);
    }
    struct span file = span_of(bytes, len);
    int status = 0;
    if (len > FOUNTAIN_BLOB_MAX) {
        terminal_error("trust",
                       "%s: %zu bytes are too many for a sequence of codes (%d at most); carry the "
                       "file itself",
                       path, len, FOUNTAIN_BLOB_MAX);
        status = EXIT_REFUSED;
    } else if (!trust_input_is_document(file) &&
               trust_bundle_decode(file, &bundle) != TRUST_DOC_OK) {
        terminal_error("trust", "%s: refused: FORMAT: is neither a bundle nor a header", path);
        status = EXIT_REFUSED;
    }
    if (status == 0 && !trust_input_is_document(file) && bundle.root_count > 0) {
        *sample = *sample || root_is_sample(bundle.root[bundle.root_count - 1]);
    }
    free(bytes);
    return status;
}

int trust_show(struct trust_options *o, int count, char **names)
{
    bool sample = o->settings.sample;
    if (count != 1) {
        terminal_error("trust", "show: name one bundle");
        return EXIT_USAGE;
    }
    if (o->scale != NULL && o->out == NULL) {
        terminal_error("trust", "--scale: goes with --out; a terminal's letters have their size");
        return EXIT_USAGE;
    }
    const char *frames = number_or("frames", o->frames, "0", FRAMES_COUNT_MAX);
    const char *fps = number_or("fps", o->fps, "8", FRAMES_FPS_MAX);
    const char *scale = number_or("scale", o->scale, "8", FRAMES_SCALE_MAX);
    if (frames == NULL || fps == NULL || scale == NULL) {
        return EXIT_USAGE;
    }
    int status = look_at(names[0], &sample);
    if (status != 0) {
        return status;
    }
    /* execv promises to leave the strings alone, though its type does not say so. */
    union {
        const char *mine[9];
        char *theirs[9];
    } argv = {{"saksi-frames", o->out != NULL ? "files" : "show", names[0], sample ? "1" : "0"}};
    if (o->out != NULL) {
        argv.mine[4] = o->out;
        argv.mine[5] = frames;
        argv.mine[6] = scale;
        argv.mine[7] = fps;
    } else {
        argv.mine[4] = fps;
        argv.mine[5] = frames;
    }
    return become_helper("frames", "trust", argv.theirs);
}
