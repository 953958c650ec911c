/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi issue init: a station's folder from its names, its key and its first block of indices. Safe
 * to repeat: it finishes what an earlier run began and never overwrites.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "issuer/block.h"
#include "options.h"
#include "trust_list.h"

static const char help[] =
    "Usage: saksi issue init DIR --issuer ID --station NAME --key FILE BLOCK\n"
    "                        [OPTION]...\n"
    "Make a station's folder: station.json, which you may edit, and registry.db.\n"
    "\n"
    "  --issuer ID              the issuer's id in the trust list, such as\n"
    "                           ID.BNSP.LSP-0123\n"
    "  --station NAME           this station's name; no two stations of an issuer\n"
    "                           share one\n"
    "  --key FILE               the issuer's signing key (PKCS#8 PEM, mode 0600)\n"
    "  --db FILE                the trust list: names, and titles of schemes and\n"
    "                           units, come from it\n"
    "  --name [LANG=]TEXT       the issuer's name as printed, when it is not to come\n"
    "                           from the list\n"
    "  --authority ID           the awarding authority's id, likewise\n"
    "  --authority-name [LANG=]TEXT\n"
    "  --language LANG          second language of printed labels (id ms fil th vi km\n"
    "                           lo my)\n"
    "  --out DIR                where certificates go (default: out, in the station's\n"
    "                           folder)\n"
    "  --sample                 for sample data only: every page says so\n"
    "BLOCK is the range of indices this station may use, one of\n"
    "  --block FILE --db FILE   signed by the authority; checked against the trust\n"
    "                           list\n"
    "  --first N --last N --unsigned-block\n"
    "                           signed by nobody: for trials, or an issuer with\n"
    "                           one station\n"
    "\n"
    "Exit status: 0 the station is made, 64 usage, 65 the block, or the trust list,\n"
    "cannot be used, 70 internal error, 73 cannot create, or another station is\n"
    "there, 74 a file could not be read or written, 77 there is no key file.\n"
    "Example: saksi issue init hall --issuer ID.BNSP.LSP-0123 --station hall \\\n"
    "           --key lsp.pem --block hall.block --db trust.db\n";

struct options {
    const char *folder, *key, *block, *db, *first, *last;
    bool unsigned_block;
    struct station station; /* what of it is given */
};

/* "id=Nama" or "Name": two or three small letters and an equals sign tell the language. */
static bool add_name(struct station_party *party, const char *text)
{
    size_t lang = 0;
    if (party->name_count == STATION_MAX_NAMES) {
        return false;
    }
    while (text[lang] >= 'a' && text[lang] <= 'z') {
        lang++;
    }
    bool has_lang = (lang == 2 || lang == 3) && text[lang] == '=';
    struct station_name *name = &party->name[party->name_count++];
    name->lang = has_lang ? span_of(text, lang) : span_str("en");
    name->text = span_str(has_lang ? text + lang + 1 : text);
    return true;
}

static bool take_name(void *context, const char *value)
{
    return add_name(context, value);
}

static int parse(int argc, char **argv, struct options *o)
{
    struct station *s = &o->station;
    const char *issuer = "", *station = "", *authority = "", *language = "", *out = "";
    int rest = 0;
    const struct option_row rows[] = {
        {.name = "issuer", .text = &issuer},
        {.name = "station", .text = &station},
        {.name = "key", .text = &o->key},
        {.name = "name", .take = take_name, .context = &s->issuer},
        {.name = "authority", .text = &authority},
        {.name = "authority-name", .take = take_name, .context = &s->authority},
        {.name = "language", .text = &language},
        {.name = "out", .text = &out},
        {.name = "sample", .flag = &s->sample},
        {.name = "block", .text = &o->block},
        {.name = "db", .text = &o->db},
        {.name = "first", .text = &o->first},
        {.name = "last", .text = &o->last},
        {.name = "unsigned-block", .flag = &o->unsigned_block},
    };
    int status = options_parse(argc, argv, "init", help, rows, sizeof rows / sizeof rows[0], &rest);
    if (status != STATUS_OK) {
        return status;
    }
    if (argc - rest != 1) {
        return say(STATUS_USAGE, "init: name one folder; see saksi issue init --help");
    }
    o->folder = argv[rest];
    s->issuer.id = span_str(issuer);
    s->station = span_str(station);
    s->authority.id = span_str(authority);
    s->second_language = span_str(language);
    (void)snprintf(s->out_path, sizeof s->out_path, "%s", out);
    return STATUS_OK;
}

static bool is_code(struct span text, size_t least, size_t most)
{
    return text.len >= least && text.len <= most && cbor_text_is_code(text);
}

static int check(const struct options *o)
{
    const struct station *s = &o->station;
    if (!is_code(s->issuer.id, 4, 32) || s->issuer.id.ptr[2] != '.') {
        return say(STATUS_USAGE, "init: --issuer must be an id such as ID.BNSP.LSP-0123");
    }
    if (!is_code(s->station, 1, 32)) {
        return say(STATUS_USAGE, "init: --station must be a name of 1 to 32 plain characters");
    }
    if (o->key == NULL) {
        return say(STATUS_USAGE,
                   "init: --key is missing; make one with \"saksi authority key new\"");
    }
    return STATUS_OK;
}

/* The list's names serve where none were given. */
static int fill_names(struct options *o, struct titles_names *names)
{
    struct station *s = &o->station;
    if (o->db != NULL) {
        int status = trust_list_names(o->db, s->sample, s->issuer.id, names);
        if (status != STATUS_OK) {
            return status;
        }
        titles_names_fill(names, &s->issuer, &s->authority);
    }
    if (s->issuer.name_count == 0 || s->authority.name_count == 0 || s->authority.id.len == 0) {
        return say(STATUS_USAGE,
                   "init: give --name, --authority and --authority-name, or --db with "
                   "a trust list that has the issuer");
    }
    return STATUS_OK;
}

static bool resolve(const char *from, char to[STATION_PATH_MAX])
{
    char path[PATH_MAX];
    bool found = realpath(from, path) != NULL;
    (void)snprintf(to, STATION_PATH_MAX, "%s", found ? path : "");
    return found;
}

/* station.json may be read from any folder, so paths in it are made absolute. */
static int resolve_paths(struct options *o)
{
    if (!resolve(o->key, o->station.key_path)) {
        return say(STATUS_KEY, "%s: the key file is not there", o->key);
    }
    if (o->db != NULL && !resolve(o->db, o->station.trust_list_path)) {
        return say(STATUS_IO, "%s: the trust list is not there", o->db);
    }
    return STATUS_OK;
}

static int write_station(struct options *o)
{
    struct station_problem problem;
    struct station *s = &o->station;
    if (*s->out_path == '\0') {
        (void)snprintf(s->out_path, sizeof s->out_path, "out");
    }
    enum file_error error = file_make_folder(o->folder, 0700);
    if (error != FILE_OK) {
        return say(STATUS_CANNOT_CREATE, "%s: %s", o->folder, file_error_text(error));
    }
    if (!station_create(o->folder, s, &problem) && problem.file != FILE_EXISTS) {
        return say(STATUS_CANNOT_CREATE, "%s: %s", problem.path, file_error_text(problem.file));
    }
    return STATUS_OK;
}

/* Opens what is in the folder now, which may be older than this run, and makes the registry. */
static int open_made(struct options *o, struct opened *opened)
{
    struct station_problem problem;
    enum db_error db_error = DB_OK;
    if (!station_open(o->folder, &opened->station, &problem)) {
        return say(STATUS_DATA, "%s: %s: %s", problem.path, problem.json.path, problem.json.what);
    }
    const struct station *s = &opened->station;
    if (!span_equal(s->issuer.id, o->station.issuer.id) ||
        !span_equal(s->station, o->station.station) || s->sample != o->station.sample) {
        return say(STATUS_CANNOT_CREATE, "%s: is another station already; choose a new folder",
                   o->folder);
    }
    enum registry_error error =
        registry_create(s->registry_path, &s->identity, &opened->registry, &db_error);
    return error == REGISTRY_OK ? STATUS_OK : say_registry(s->registry_path, error, db_error);
}

static int run(struct options *o, struct opened *opened)
{
    struct titles_names *names = calloc(1, sizeof *names);
    struct block_request request = {o->block, o->db, o->first, o->last, o->unsigned_block};
    if (names == NULL) {
        return say(STATUS_INTERNAL, "not enough memory");
    }
    int status = check(o);
    status = status != STATUS_OK ? status : block_request_check(&request, "init");
    status = status != STATUS_OK ? status : fill_names(o, names);
    status = status != STATUS_OK ? status : resolve_paths(o);
    status = status != STATUS_OK ? status : write_station(o);
    status = status != STATUS_OK ? status : open_made(o, opened);
    status = status != STATUS_OK ? status : block_request_add(&request, opened);
    if (status == STATUS_OK) {
        (void)printf("Station \"%.*s\" of %.*s is in %s. Edit station.json as you like.\n",
                     (int)o->station.station.len, (const char *)o->station.station.ptr,
                     (int)o->station.issuer.id.len, (const char *)o->station.issuer.id.ptr,
                     o->folder);
    }
    free(names);
    return status;
}

int program_init(int argc, char **argv)
{
    static struct options options;
    static struct opened opened;
    int status = parse(argc, argv, &options);
    if (status == STATUS_OK) {
        status = run(&options, &opened);
        opened_close(&opened);
    }
    return status;
}
