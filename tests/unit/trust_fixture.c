/* SPDX-License-Identifier: Apache-2.0
 *
 * The builder of trust documents for tests: room, keys, roots, lists, headers, bundles. Rows and
 * stores are in trust_fixture_rows.c and trust_fixture_store.c. */
#include "trust_fixture.h"
#include "verifier/trust_pack.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "check.h"
#include "trust_fixture_room.h"

#define MAX_KEYS 256

struct piece {
    struct piece *next;
    uint8_t bytes[];
};

struct fixture {
    struct piece *first;
    struct fixture_key key[MAX_KEYS];
    uint8_t root_id[TRUST_DIGEST_SIZE];
    struct span root;
    char *folder;
};

/* ---- room ---- */

uint8_t *fixture_room(struct fixture *f, size_t len)
{
    struct piece *piece = calloc(1, sizeof *piece + len);
    assert_non_null(piece);
    piece->next = f->first;
    f->first = piece;
    return piece->bytes;
}

struct span fixture_copy(struct fixture *f, struct span s)
{
    uint8_t *copy = fixture_room(f, s.len);
    if (s.len != 0) {
        memcpy(copy, s.ptr, s.len);
    }
    return span_of(copy, s.len);
}

struct span fixture_written(struct fixture *f, void (*write)(struct writer *w, const void *what),
                            const void *what)
{
    struct writer dry = writer_of(NULL, 0);
    write(&dry, what);
    struct writer w = writer_of(fixture_room(f, dry.len), dry.len);
    write(&w, what);
    assert_true(writer_ok(&w) && w.len == dry.len);
    return writer_span(&w);
}

static void remove_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return;
    }
    struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        (void)unlinkat(dirfd(dir), entry->d_name, 0);
        (void)unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR);
    }
    closedir(dir);
    (void)rmdir(folder);
}

const char *fixture_path(struct fixture *f, const char *name)
{
    if (f->folder == NULL) {
        char pattern[] = "/tmp/saksi-test-XXXXXX";
        assert_non_null(mkdtemp(pattern));
        f->folder = (char *)fixture_room(f, sizeof pattern);
        memcpy(f->folder, pattern, sizeof pattern);
    }
    size_t len = strlen(f->folder) + strlen(name) + 2;
    char *path = (char *)fixture_room(f, len);
    snprintf(path, len, "%s/%s", f->folder, name);
    return path;
}

struct fixture *fixture_new(void)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->root = fixture_root_signed(f, fixture_root_plain(f), NULL, 0);
    return f;
}

void fixture_free(struct fixture *f)
{
    if (f->folder != NULL) {
        remove_folder(f->folder);
    }
    for (size_t i = 0; i < MAX_KEYS; i++) {
        crypto_private_key_free(f->key[i].private_key);
    }
    for (struct piece *piece = f->first; piece != NULL;) {
        struct piece *next = piece->next;
        free(piece);
        piece = next;
    }
    free(f);
}

/* ---- keys and signatures ---- */

const struct fixture_key *fixture_key(struct fixture *f, unsigned number)
{
    assert_true(number < MAX_KEYS);
    struct fixture_key *key = &f->key[number];
    if (key->private_key != NULL) {
        return key;
    }
    uint8_t seed[32] = {0x5A, (uint8_t)number};
    seed[31] = 1;
    uint8_t *room = fixture_room(f, CRYPTO_MAX_PUBLIC_KEY + CRYPTO_KID_SIZE);
    key->alg = number % 2 == 1 ? COSE_ES256 : COSE_EDDSA;
    assert_int_equal(crypto_private_key_from_seed(key->alg, seed, &key->private_key), CRYPTO_OK);
    key->public_key = span_of(room, crypto_private_key_public(key->private_key, room));
    uint8_t *kid = room + CRYPTO_MAX_PUBLIC_KEY;
    assert_int_equal(crypto_kid(key->alg, key->public_key, kid), CRYPTO_OK);
    key->kid = span_of(kid, CRYPTO_KID_SIZE);
    return key;
}

static struct span signature_of(struct fixture *f, const struct fixture_key *key,
                                const struct cose_sign *cose, const struct cose_signer *signer)
{
    struct span root_id = span_of(f->root_id, TRUST_DIGEST_SIZE);
    struct writer dry = writer_of(NULL, 0);
    cose_sign_to_be_signed(&dry, cose, signer, root_id);
    struct writer message = writer_of(fixture_room(f, dry.len), dry.len);
    cose_sign_to_be_signed(&message, cose, signer, root_id);
    uint8_t *signature = fixture_room(f, CRYPTO_SIGNATURE_SIZE);
    assert_int_equal(crypto_sign(key->private_key, writer_span(&message), signature), CRYPTO_OK);
    return span_of(signature, CRYPTO_SIGNATURE_SIZE);
}

static void write_cose(struct writer *w, const void *what)
{
    cose_write_sign(w, what);
}

struct span fixture_sign(struct fixture *f, const char *typ, struct span payload,
                         const unsigned *keys, size_t count)
{
    struct cose_sign cose = {.payload = payload, .signer_count = count};
    struct writer body = writer_of(fixture_room(f, 32), 32);
    cose_write_sign_protected(&body, typ);
    cose.protected = writer_span(&body);
    for (size_t i = 0; i < count; i++) {
        const struct fixture_key *key = fixture_key(f, keys[i]);
        struct cose_signer *signer = &cose.signer[i];
        struct writer head = writer_of(fixture_room(f, 32), 32);
        cose_write_signer_protected(&head, key->alg, key->kid);
        *signer = (struct cose_signer){writer_span(&head), key->alg, key->kid, {NULL, 0}};
        signer->signature = signature_of(f, key, &cose, signer);
    }
    return fixture_written(f, write_cose, &cose);
}

/* ---- roots ---- */

void fixture_role(struct fixture *f, struct trust_role *ret_role, unsigned threshold,
                  unsigned first_key, size_t count)
{
    *ret_role = (struct trust_role){.threshold = threshold, .key_count = count};
    for (size_t i = 0; i < count; i++) {
        const struct fixture_key *key = fixture_key(f, first_key + (unsigned)i);
        size_t at = i;
        for (; at > 0 && span_compare(ret_role->key[at - 1].public_key, key->public_key) > 0;
             at--) {
            ret_role->key[at] = ret_role->key[at - 1];
        }
        ret_role->key[at] =
            (struct trust_key){key->alg, key->public_key, span_str("sample key holder")};
    }
}

static void add_authority(struct fixture *f, struct trust_root *root, const char *state,
                          unsigned threshold, unsigned first_key, size_t count)
{
    struct trust_authority *a = &root->authority[root->authority_count++];
    a->state = span_str(state);
    fixture_role(f, &a->role, threshold, first_key, count);
}

struct trust_root *fixture_root_plain(struct fixture *f)
{
    struct trust_root *root = (void *)fixture_room(f, sizeof *root);
    root->version = 1;
    root->issued_at_s = FIXTURE_NOW_S - FIXTURE_DAYS_S(30);
    root->expires_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(730);
    root->sample = true;
    fixture_role(f, &root->root, 2, FIXTURE_ROOT_KEY, 3);
    fixture_role(f, &root->publisher, 1, FIXTURE_PUBLISHER_KEY, 2);
    add_authority(f, root, "ID", 2, FIXTURE_ID_KEY, 3);
    add_authority(f, root, "MY", 1, FIXTURE_MY_KEY, 1);
    add_authority(f, root, "PH", 1, FIXTURE_PH_KEY, 1);
    add_authority(f, root, "TH", 1, FIXTURE_TH_KEY, 2);
    return root;
}

static void write_root(struct writer *w, const void *what)
{
    trust_root_encode(what, w);
}

struct span fixture_root_signed(struct fixture *f, const struct trust_root *root,
                                const unsigned *keys, size_t count)
{
    static const unsigned usual[] = {FIXTURE_ROOT_KEY, FIXTURE_ROOT_KEY + 1};
    struct span payload = fixture_written(f, write_root, root);
    uint8_t kept[TRUST_DIGEST_SIZE];
    memcpy(kept, f->root_id, sizeof kept);
    if (root->version == 1) {
        assert_int_equal(crypto_sha256(&payload, 1, f->root_id), CRYPTO_OK);
    }
    struct span document = count == 0 ? fixture_sign(f, COSE_TYP_ROOT, payload, usual, 2)
                                      : fixture_sign(f, COSE_TYP_ROOT, payload, keys, count);
    /* Another root 1 is another system's: what follows still belongs to ours. */
    if (root->version == 1 && f->root.len != 0) {
        memcpy(f->root_id, kept, sizeof kept);
    }
    return document;
}

struct span fixture_root(struct fixture *f)
{
    return f->root;
}

const uint8_t *fixture_root_id(struct fixture *f)
{
    return f->root_id;
}

/* ---- lists ---- */

/* Rows that cannot be sealed have no digest; the import refuses them before it asks for one. */
static bool seal(struct span bytes, struct trust_rows *rows)
{
    assert_int_equal(trust_rows_add(rows, bytes), TRUST_ROWS_OK);
    return trust_rows_seal(rows) == TRUST_ROWS_OK;
}

static struct span rows_digest(struct fixture *f, bool catalogue, struct span bytes)
{
    uint8_t *digest = fixture_room(f, TRUST_DIGEST_SIZE);
    struct trust_rows rows = {0};
    if (seal(bytes, &rows)) {
        assert_int_equal(trust_rows_digest(&rows, catalogue, digest), TRUST_ROWS_OK);
    }
    trust_rows_free(&rows);
    return span_of(digest, TRUST_DIGEST_SIZE);
}

struct trust_part fixture_packed(struct fixture *f, struct span base, struct span rows)
{
    struct trust_rows before = {0}, after = {0};
    struct trust_packed packed = {0};
    assert_true(seal(base, &before) && seal(rows, &after));
    assert_int_equal(trust_pack(&before, &after, &packed), TRUST_UPDATE_OK);
    packed.part.data = fixture_copy(f, packed.part.data);
    free(packed.bytes);
    trust_rows_free(&before);
    trust_rows_free(&after);
    return packed.part;
}

static struct trust_part part_of(struct fixture *f, enum trust_part_encoding encoding,
                                 struct span rows)
{
    return encoding == TRUST_PART_PACKED ? fixture_packed(f, span_of(NULL, 0), rows)
                                         : (struct trust_part){TRUST_PART_RAW, rows.len, rows};
}

static void write_list(struct writer *w, const void *what)
{
    trust_list_encode(what, w);
}

static void write_list_file(struct writer *w, const void *what)
{
    trust_list_file_encode(what, w);
}

struct span fixture_list_file(struct fixture *f, const struct fixture_list *list,
                              const struct trust_part *security, const struct trust_part *catalogue)
{
    struct trust_list_file file = {.document = list->document, .security = *security};
    file.has_catalogue = catalogue != NULL;
    if (catalogue != NULL) {
        file.catalogue = *catalogue;
    }
    return fixture_written(f, write_list_file, &file);
}

void fixture_list_sign(struct fixture *f, struct fixture_list *list)
{
    struct trust_list content = {
        .state = span_str(list->state),
        .version = list->version,
        .as_of_s = list->as_of_s,
        .expires_s = list->expires_s,
        .digest = rows_digest(f, false, list->rows),
    };
    if (list->catalogue.len != 0) {
        content.catalogue_digest = rows_digest(f, true, list->catalogue);
    }
    struct span payload = fixture_written(f, write_list, &content);
    uint8_t *digest = fixture_room(f, TRUST_DIGEST_SIZE);
    assert_int_equal(crypto_sha256(&payload, 1, digest), CRYPTO_OK);
    list->digest = span_of(digest, TRUST_DIGEST_SIZE);
    list->document = fixture_sign(f, COSE_TYP_LIST, payload, list->key, list->key_count);
    struct trust_part security = part_of(f, list->encoding, list->rows);
    struct trust_part catalogue = part_of(f, list->encoding, list->catalogue);
    list->file =
        fixture_list_file(f, list, &security, list->catalogue.len != 0 ? &catalogue : NULL);
}

struct span fixture_delta(struct fixture *f, const struct fixture_list *base,
                          const struct fixture_list *list)
{
    struct trust_list_file file = {
        .document = list->document,
        .base = base->digest,
        .security = fixture_packed(f, base->rows, list->rows),
        .has_catalogue = list->catalogue.len != 0,
    };
    if (file.has_catalogue) {
        file.catalogue = fixture_packed(f, base->catalogue, list->catalogue);
    }
    return fixture_written(f, write_list_file, &file);
}

static void usual_keys(struct fixture_list *list)
{
    static const struct {
        const char *state;
        unsigned first;
        size_t count;
    } usual[] = {
        {"ID", FIXTURE_ID_KEY, 2},
        {"MY", FIXTURE_MY_KEY, 1},
        {"PH", FIXTURE_PH_KEY, 1},
        {"TH", FIXTURE_TH_KEY, 1},
    };
    for (size_t i = 0; i < COUNT_OF(usual); i++) {
        if (strcmp(usual[i].state, list->state) == 0) {
            list->key[0] = usual[i].first;
            list->key[1] = usual[i].first + 1;
            list->key_count = usual[i].count;
        }
    }
}

struct fixture_list fixture_list(struct fixture *f, const char *state, int64_t version,
                                 struct fixture_rows *rows)
{
    struct fixture_list list = {
        .state = state,
        .version = version,
        .as_of_s = FIXTURE_NOW_S - FIXTURE_DAYS_S(1),
        .expires_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(365),
        .rows = fixture_rows_bytes(rows, ROW_ISSUER, ROW_LAST_SECURITY),
        .catalogue = fixture_rows_bytes(rows, ROW_SCHEME_TITLE, ROW_JOB_TITLE),
    };
    usual_keys(&list);
    fixture_list_sign(f, &list);
    return list;
}

/* ---- headers and bundles ---- */

struct trust_header *fixture_header_plain(struct fixture *f, int64_t version,
                                          const struct fixture_list *list, size_t count)
{
    struct trust_header *header = (void *)fixture_room(f, sizeof *header);
    header->version = version;
    header->issued_at_s = FIXTURE_NOW_S;
    header->expires_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(60);
    header->staleness = (struct trust_staleness){7, 30, 90};
    header->root_version = 1;
    header->state_count = count;
    for (size_t i = 0; i < count; i++) {
        header->state[i] = (struct trust_header_state){span_str(list[i].state), list[i].version,
                                                       list[i].as_of_s, list[i].digest};
    }
    return header;
}

static void write_header(struct writer *w, const void *what)
{
    trust_header_encode(what, w);
}

struct span fixture_header_signed(struct fixture *f, const struct trust_header *header,
                                  const unsigned *keys, size_t count)
{
    return fixture_sign(f, COSE_TYP_HEADER, fixture_written(f, write_header, header), keys, count);
}

struct span fixture_header(struct fixture *f, int64_t version, const struct fixture_list *list,
                           size_t count)
{
    static const unsigned publisher[] = {FIXTURE_PUBLISHER_KEY};
    return fixture_header_signed(f, fixture_header_plain(f, version, list, count), publisher, 1);
}

static void write_bundle(struct writer *w, const void *what)
{
    trust_bundle_encode(what, w);
}

struct span fixture_bundle(struct fixture *f, const struct span *root, size_t root_count,
                           struct span header, const struct fixture_list *list, size_t list_count)
{
    struct trust_bundle bundle = {
        .root_count = root_count, .header = header, .list_count = list_count};
    assert_true(root_count <= TRUST_MAX_ROOTS && list_count <= TRUST_MAX_STATES);
    for (size_t i = 0; i < root_count; i++) {
        bundle.root[i] = root[i];
    }
    for (size_t i = 0; i < list_count; i++) {
        bundle.list[i] = list[i].file;
    }
    return fixture_written(f, write_bundle, &bundle);
}
