/* SPDX-License-Identifier: Apache-2.0
 *
 * libsaksi: stores and checks. Every argument from outside is looked at here; the rest is the
 * verifier's.
 */
#include <saksi/saksi.h>

#include <stddef.h>
#include <stdlib.h>

#include "verifier/api.h"
#include "verifier/trust_store.h"
#include "verifier/trust_update.h"
#include "verifier/verify.h"

struct saksi_store {
    struct trust_store *store;
    enum trust_update_error refusal; /* the last one */
};

struct saksi_verifier {
    struct verifier *verifier;
};

const char *saksi_error_text(enum saksi_error error)
{
    switch (error) {
    case SAKSI_OK:
        return "No error.";
    case SAKSI_ERROR_ARGUMENT:
        return "An argument is missing or out of range.";
    case SAKSI_ERROR_MISSING:
        return "There is no such trust store.";
    case SAKSI_ERROR_OTHER_FILE:
        return "The file is not a trust store of this version.";
    case SAKSI_ERROR_SAMPLE:
        return "The trust store holds sample data, which was not asked for.";
    case SAKSI_ERROR_BUSY:
        return "Another program is writing to the trust store.";
    case SAKSI_ERROR_STORE:
        return "The trust store cannot be read or written.";
    case SAKSI_ERROR_REFUSED:
        return "The document was refused; the trust store is as it was.";
    case SAKSI_ERROR_CARD:
        return "What is said of the card contradicts itself.";
    case SAKSI_ERROR_PAPER:
        return "The paper shown with the card holds no certificate.";
    case SAKSI_ERROR_SYSTEM:
        break;
    }
    return "Memory or a system library failed.";
}

static enum saksi_error error_of_db(enum db_error error)
{
    switch (error) {
    case DB_MISSING:
        return SAKSI_ERROR_MISSING;
    case DB_OTHER_FILE:
        return SAKSI_ERROR_OTHER_FILE;
    case DB_BUSY:
        return SAKSI_ERROR_BUSY;
    case DB_SYSTEM:
        return SAKSI_ERROR_SYSTEM;
    default:
        return SAKSI_ERROR_STORE;
    }
}

enum saksi_error saksi_store_open(const char *path, unsigned flags, struct saksi_store **ret_store)
{
    const unsigned known = SAKSI_STORE_CREATE | SAKSI_STORE_SAMPLE;
    if (path == NULL || ret_store == NULL || (flags & ~known) != 0) {
        return SAKSI_ERROR_ARGUMENT;
    }
    struct saksi_store *handle = calloc(1, sizeof *handle);
    if (handle == NULL) {
        return SAKSI_ERROR_SYSTEM;
    }
    enum db_error db_error = DB_IO;
    enum trust_store_error error =
        trust_store_open(path, (flags & SAKSI_STORE_CREATE) != 0 ? DB_CREATE : DB_READ,
                         (flags & SAKSI_STORE_SAMPLE) != 0, &handle->store, &db_error);
    if (error != TRUST_STORE_OK) {
        free(handle);
        switch (error) {
        case TRUST_STORE_SAMPLE:
            return SAKSI_ERROR_SAMPLE;
        case TRUST_STORE_DB:
            return error_of_db(db_error);
        default:
            return SAKSI_ERROR_STORE;
        }
    }
    *ret_store = handle;
    return SAKSI_OK;
}

void saksi_store_close(struct saksi_store *store)
{
    if (store != NULL) {
        trust_store_close(store->store);
        free(store);
    }
}

static enum saksi_error remember(struct saksi_store *store, struct trust_refusal refusal)
{
    switch (refusal.error) {
    case TRUST_UPDATE_OK:
        return SAKSI_OK;
    case TRUST_UPDATE_STORE:
        return error_of_db(trust_store_db_error(store->store));
    case TRUST_UPDATE_SYSTEM:
        return SAKSI_ERROR_SYSTEM;
    default:
        store->refusal = refusal.error;
        return SAKSI_ERROR_REFUSED;
    }
}

enum saksi_error saksi_store_init(struct saksi_store *store, const void *root, size_t root_len,
                                  const unsigned char root_id[SAKSI_ROOT_ID_SIZE], int64_t now_s,
                                  int64_t build_s)
{
    if (store == NULL || root == NULL || root_id == NULL) {
        return SAKSI_ERROR_ARGUMENT;
    }
    const struct trust_clock_input clock = {.now_s = now_s, .build_s = build_s};
    return remember(store,
                    trust_update_init(store->store, span_of(root, root_len), root_id, &clock));
}

enum saksi_error saksi_store_import(struct saksi_store *store, const void *bundle,
                                    size_t bundle_len, int64_t now_s, int64_t build_s)
{
    if (store == NULL || bundle == NULL) {
        return SAKSI_ERROR_ARGUMENT;
    }
    const struct trust_clock_input clock = {.now_s = now_s, .build_s = build_s};
    struct trust_update_report report;
    return remember(store, trust_update_import(store->store, span_of(bundle, bundle_len), &clock,
                                               NULL, NULL, &report));
}

const char *saksi_store_refusal(const struct saksi_store *store)
{
    bool refused = store != NULL && store->refusal != TRUST_UPDATE_OK;
    return refused ? trust_update_error_name(store->refusal) : "";
}

const char *saksi_store_refusal_text(const struct saksi_store *store)
{
    bool refused = store != NULL && store->refusal != TRUST_UPDATE_OK;
    return refused ? trust_update_error_text(store->refusal) : "";
}

enum saksi_error saksi_verifier_new(struct saksi_store *store, struct saksi_verifier **ret_verifier)
{
    if (ret_verifier == NULL) {
        return SAKSI_ERROR_ARGUMENT;
    }
    struct saksi_verifier *handle = calloc(1, sizeof *handle);
    if (handle == NULL ||
        verifier_new(store == NULL ? NULL : store->store, &handle->verifier) != VERIFY_OK) {
        free(handle);
        return SAKSI_ERROR_SYSTEM;
    }
    *ret_verifier = handle;
    return SAKSI_OK;
}

void saksi_verifier_free(struct saksi_verifier *verifier)
{
    if (verifier != NULL) {
        verifier_free(verifier->verifier);
        free(verifier);
    }
}

bool api_read_sized(const void *from, size_t size, void *to, size_t known)
{
    const unsigned char *bytes = from;
    if (size > 4096) {
        return false;
    }
    for (size_t i = known; i < size; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    memcpy(to, from, size < known ? size : known);
    return true;
}

/* Where the struct ended in earlier versions; the rest is zero for callers built with them. */
static bool is_request_size(size_t size)
{
    return size >= sizeof(struct saksi_request) ||
           size == offsetof(struct saksi_request, mark_root_version) ||
           size == offsetof(struct saksi_request, card);
}

static enum saksi_error read_request(const struct saksi_request *from,
                                     struct verify_request *ret_request,
                                     uint8_t paper_room[API_PAPER_ROOM])
{
    struct saksi_request r = {0};
    if (from == NULL || !is_request_size(from->size) ||
        !api_read_sized(from, from->size, &r, sizeof r) || r.host == NULL ||
        !trust_is_state(span_str(r.host)) || r.purpose < SAKSI_BORDER || r.purpose > SAKSI_EVENT ||
        r.utc_offset_s < -86400 || r.utc_offset_s > 86400 || r.plain_days < 0 || r.shown_days < 0 ||
        r.amber_days < 0 || r.mark_root_version < 0 || r.mark_header_version < 0) {
        return SAKSI_ERROR_ARGUMENT;
    }
    *ret_request =
        (struct verify_request){.now_s = r.now_s,
                                .build_s = r.build_s,
                                .utc_offset_s = r.utc_offset_s,
                                .has_at = r.has_at != 0,
                                .at_day = r.at_day,
                                .purpose = r.purpose,
                                .post = r.post == NULL ? span_of(NULL, 0) : span_str(r.post),
                                .tighten = {r.plain_days, r.shown_days, r.amber_days},
                                .mark = {r.mark_wanted != 0, r.mark_known != 0, r.mark_root_version,
                                         r.mark_header_version}};
    memcpy(ret_request->host, r.host, sizeof ret_request->host);
    return api_read_card(r.card, ret_request, paper_room);
}

static enum saksi_error verify(enum verify_error (*function)(struct verifier *,
                                                             const struct verify_request *,
                                                             struct span, struct verdict *),
                               struct saksi_verifier *verifier, const struct saksi_request *request,
                               struct span input, struct saksi_verdict **ret_verdict)
{
    struct verify_request inner;
    uint8_t paper[API_PAPER_ROOM];
    if (ret_verdict == NULL) {
        return SAKSI_ERROR_ARGUMENT;
    }
    *ret_verdict = NULL;
    if (verifier == NULL || (input.ptr == NULL && input.len != 0)) {
        return SAKSI_ERROR_ARGUMENT;
    }
    enum saksi_error refused = read_request(request, &inner, paper);
    if (refused != SAKSI_OK) {
        return refused;
    }
    struct saksi_verdict *verdict = calloc(1, sizeof *verdict);
    if (verdict == NULL) {
        return SAKSI_ERROR_SYSTEM;
    }
    enum verify_error error = function(verifier->verifier, &inner, input, &verdict->verdict);
    if (error != VERIFY_OK) {
        saksi_verdict_free(verdict);
        return error == VERIFY_STORE ? SAKSI_ERROR_STORE : SAKSI_ERROR_SYSTEM;
    }
    *ret_verdict = verdict;
    return SAKSI_OK;
}

enum saksi_error saksi_verify_qr_text(struct saksi_verifier *verifier,
                                      const struct saksi_request *request, const char *text,
                                      size_t len, struct saksi_verdict **ret_verdict)
{
    return verify(verify_qr_text, verifier, request, span_of(text, len), ret_verdict);
}

enum saksi_error saksi_verify_credential(struct saksi_verifier *verifier,
                                         const struct saksi_request *request, const void *bytes,
                                         size_t len, struct saksi_verdict **ret_verdict)
{
    return verify(verify_credential, verifier, request, span_of(bytes, len), ret_verdict);
}
