/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi inspect: shows what is inside a code, and whether its signature is good under a key that
 * the user names. Gives no verdict and knows no trust list.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "cli/command.h"
#include "cli/inspect/inspect.h"
#include "cli/terminal.h"

#define MAX_EXTERNAL 256

static const char help[] =
    "Usage: saksi inspect [--prefix P] [--key FILE] [--external HEX] FILE\n"
    "       saksi inspect [--prefix P] [--key FILE] [--external HEX] --text TEXT\n"
    "Show what is inside a code of any maker: PREFIX:, base45, perhaps zlib, then a\n"
    "signed COSE message. FILE holds the text of a code or the raw message; - is\n"
    "standard input. This proves nothing about trust; use saksi verify for a verdict.\n"
    "\n"
    "  --prefix P      take codes with this prefix only (CC1, HC1)\n"
    "  --key FILE      check the signature under this public key or X.509\n"
    "                  certificate, PEM or DER; ES256, ES384, ES512, EdDSA, PS256\n"
    "  --external HEX  what is signed along with the message but not sent\n"
    "                  (external_aad)\n"
    "  --text TEXT     the text itself\n"
    "  --help\n"
    "\n"
    "Exit status: 0 the signature is good under the key, 1 it is not, 2 it was not\n"
    "checked, 64 usage, 65 the input or the key could not be opened, 70 internal\n"
    "error, 74 a file could not be read.\n";

struct request {
    const char *prefix;
    const char *key;
    const char *text;
    const char *file;
    struct span external; /* points into external_room */
    uint8_t external_room[MAX_EXTERNAL];
};

/* The whole input. The caller frees ret_bytes. */
static int read_stream(FILE *stream, const char *name, uint8_t **ret_bytes, size_t *ret_len)
{
    uint8_t *bytes = (uint8_t *)malloc(INSPECT_MAX_INPUT + 1);
    if (bytes == NULL) {
        terminal_error("inspect", "out of memory");
        return EXIT_INTERNAL;
    }
    size_t len = fread(bytes, 1, INSPECT_MAX_INPUT + 1, stream);
    if (ferror(stream) != 0) {
        terminal_error("inspect", "%s: cannot be read", name);
        free(bytes);
        return EXIT_INPUT_OUTPUT;
    }
    *ret_bytes = bytes;
    *ret_len = len;
    return 0;
}

static int read_file(const char *path, size_t most, uint8_t **ret_bytes, size_t *ret_len)
{
    enum file_error error = file_read(path, most, ret_bytes, ret_len);
    if (error == FILE_OK) {
        return 0;
    }
    terminal_error("inspect", "%s: %s", path, file_error_text(error));
    return error == FILE_SYSTEM                             ? EXIT_INTERNAL
           : error == FILE_EMPTY || error == FILE_TOO_LARGE ? EXIT_DATA
                                                            : EXIT_INPUT_OUTPUT;
}

static int read_key(const char *path, struct crypto_any_key **ret_key)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    int status = read_file(path, CRYPTO_ANY_MAX_KEY_FILE, &bytes, &len);
    if (status != 0) {
        return status;
    }
    enum crypto_error error = crypto_any_key_read(span_of(bytes, len), ret_key);
    crypto_wipe(bytes, len); /* a private key may have been named by mistake */
    free(bytes);
    switch (error) {
    case CRYPTO_OK:
        return 0;
    case CRYPTO_UNSUPPORTED:
        terminal_error("inspect", "%s: a key of a kind that is not supported", path);
        return EXIT_DATA;
    case CRYPTO_SYSTEM:
        terminal_error("inspect", "%s: the cryptographic library failed", path);
        return EXIT_INTERNAL;
    default:
        terminal_error("inspect", "%s: neither a public key nor a certificate (PEM or DER)", path);
        return EXIT_DATA;
    }
}

static void print_hex(struct span bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        printf("%02x", bytes.ptr[i]);
    }
}

/* The steps before the message. */
static void print_steps(const struct inspect *in)
{
    if (in->is_text && in->prefix[0] != '\0') {
        printf("prefix:     %s\n", in->prefix);
    }
    if (in->packed.len != 0) {
        printf("base45:     %zu bytes\n", in->packed.len);
    }
    if (in->compressed && in->message.len != 0) {
        printf("inflated:   %zu bytes%s\n", in->message.len,
               in->with_dictionary ? ", with the dictionary of CC1" : "");
    }
}

static int print_message(const struct inspect *in)
{
    uint8_t *room = (uint8_t *)malloc(INSPECT_MAX_PRINT);
    if (room == NULL) {
        terminal_error("inspect", "out of memory");
        return EXIT_INTERNAL;
    }
    struct writer w = writer_of(room, INSPECT_MAX_PRINT);
    if (inspect_show(in, &w)) {
        (void)fwrite(room, 1, w.len, stdout);
        putchar('\n');
    } else if (!writer_ok(&w)) {
        puts("(too long to be shown)");
    }
    free(room);
    return 0;
}

static const char *where_text(enum inspect_where where)
{
    static const char *const text[] = {
        [INSPECT_ABSENT] = "absent",
        [INSPECT_PROTECTED] = "protected",
        [INSPECT_UNPROTECTED] = "not protected",
    };
    return text[where];
}

static const char *verdict_text(enum inspect_verdict verdict)
{
    static const char *const text[] = {
        [INSPECT_GOOD] = "GOOD under the key given",
        [INSPECT_BAD] = "BAD under the key given",
        [INSPECT_NO_ALGORITHM] = "not checked: no algorithm known here",
        [INSPECT_OTHER_ALGORITHM] = "not checked: the key is of another kind",
        [INSPECT_NO_PAYLOAD] = "not checked: the payload is not in the message",
        [INSPECT_FAILURE] = "not checked: the cryptographic library failed",
    };
    return text[verdict];
}

static void print_signer(const struct inspect_signer *signer, const char *verdict)
{
    const char *name = signer->alg_is_number ? crypto_any_alg_name(signer->alg) : NULL;
    printf("signature:  %s\n", verdict);
    printf("algorithm:  %s (%s)\n", name != NULL ? name : "unknown", where_text(signer->alg_where));
    printf("kid:        ");
    print_hex(signer->kid);
    printf("%s(%s)\n", signer->kid.len != 0 ? " " : "", where_text(signer->kid_where));
}

/* One good signature makes the message good; what is neither good nor bad was not checked. */
static int print_signers(const struct inspect *in, struct span external,
                         const struct crypto_any_key *key)
{
    bool good = false;
    bool bad = false;
    for (size_t i = 0; i < in->cose.signer_count; i++) {
        const struct inspect_signer *signer = &in->cose.signer[i];
        if (key == NULL) {
            print_signer(signer, "not checked: no key was given (--key)");
            continue;
        }
        enum inspect_verdict verdict = inspect_check(in, signer, external, key);
        print_signer(signer, verdict_text(verdict));
        good = good || verdict == INSPECT_GOOD;
        bad = bad || verdict == INSPECT_BAD;
    }
    if (in->cose.has_crit) {
        puts("note:       header parameters marked critical were not looked at");
    }
    puts("This shows what is written and whether the owner of the key signed it. It does not say "
         "who\n"
         "that is or whether to trust them: saksi verify does.");
    return good ? EXIT_ALL_VALID : bad ? EXIT_ANY_NOT_VALID : EXIT_ANY_CHECK;
}

static int show(const struct request *request, struct span input, const struct crypto_any_key *key)
{
    struct inspect *in = (struct inspect *)malloc(sizeof *in);
    if (in == NULL) {
        terminal_error("inspect", "out of memory");
        return EXIT_INTERNAL;
    }
    bool opened = inspect_open(input, request->prefix, in);
    print_steps(in);
    int status = print_message(in);
    if (status == 0 && opened) {
        status = print_signers(in, request->external, key);
    } else if (status == 0) {
        (void)fflush(stdout);
        terminal_error("inspect", "%s: %s", request->text != NULL ? "the text" : request->file,
                       inspect_step_text(in->failed_at));
        status = EXIT_DATA;
    }
    free(in);
    return status;
}

static int run(const struct request *request)
{
    struct crypto_any_key *key = NULL;
    uint8_t *bytes = NULL;
    struct span input = {NULL, 0};
    int status = request->key != NULL ? read_key(request->key, &key) : 0;

    if (status == 0 && request->text != NULL) {
        input = span_str(request->text);
    } else if (status == 0) {
        status = strcmp(request->file, "-") == 0
                     ? read_stream(stdin, "standard input", &bytes, &input.len)
                     : read_file(request->file, INSPECT_MAX_INPUT, &bytes, &input.len);
        input.ptr = bytes;
    }
    if (status == 0) {
        status = show(request, input, key);
    }
    if (status < EXIT_USAGE && (fflush(stdout) != 0 || ferror(stdout) != 0)) {
        terminal_error("inspect", "standard output: cannot be written");
        status = EXIT_INPUT_OUTPUT;
    }
    free(bytes);
    crypto_any_key_free(key);
    return status;
}

static bool parse_hex(const char *text, struct request *request)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    size_t len = strlen(text);
    if (len % 2 != 0 || len / 2 > MAX_EXTERNAL) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        const char *at = strchr(digits, text[i]);
        if (at == NULL) {
            return false;
        }
        uint8_t *byte = &request->external_room[i / 2];
        *byte = (uint8_t)(*byte << 4 | ((at - digits) & 0x0F));
    }
    request->external = span_of(request->external_room, len / 2);
    return true;
}

static bool is_complete(const struct request *request, int arguments)
{
    size_t prefix = request->prefix == NULL ? 2 : strlen(request->prefix);
    return arguments == (request->text == NULL ? 1 : 0) && prefix >= 2 &&
           prefix <= INSPECT_MAX_PREFIX;
}

static int usage(void)
{
    terminal_error("inspect", "wrong arguments; see saksi inspect --help");
    return EXIT_USAGE;
}

int cmd_inspect(int argc, char **argv)
{
    static const struct option option[] = {
        {"prefix", required_argument, NULL, 'p'},   {"key", required_argument, NULL, 'k'},
        {"external", required_argument, NULL, 'e'}, {"text", required_argument, NULL, 't'},
        {"help", no_argument, NULL, 'h'},           {NULL, 0, NULL, 0},
    };
    struct request request = {0};

    opterr = 0;
    for (int c = 0; (c = getopt_long(argc, argv, "", option, NULL)) != -1;) {
        switch (c) {
        case 'p':
            request.prefix = optarg;
            break;
        case 'k':
            request.key = optarg;
            break;
        case 't':
            request.text = optarg;
            break;
        case 'e':
            if (!parse_hex(optarg, &request)) {
                return usage();
            }
            break;
        case 'h':
            fputs(help, stdout);
            return EXIT_ALL_VALID;
        default:
            return usage();
        }
    }
    if (!is_complete(&request, argc - optind)) {
        return usage();
    }
    request.file = request.text == NULL ? argv[optind] : NULL;
    return run(&request);
}
