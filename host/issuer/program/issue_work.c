/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading what was asked for before anything is promised, and the messages about each certificate.
 */
#include "issue_work.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "trust_list.h"

static int read_photo(struct issue_work *work)
{
    const char *why = NULL;
    if (work->options.photo == NULL) {
        return STATUS_OK;
    }
    if (work->records.item_count > 1) {
        return say(STATUS_USAGE, "--photo goes with a single record; %zu are named",
                   work->records.item_count);
    }
    if (holder_photo_read(work->options.photo, program_folder(), &work->photo, &why)) {
        return STATUS_OK;
    }
    return say(file_exists(work->options.photo) ? STATUS_DATA : STATUS_IO, "%s: %s",
               work->options.photo, why);
}

/* Without them every certificate would be signed and then stand half-way. */
static int check_programs(unsigned pages)
{
    static const char *const needed[] = {"saksi-page", "saksi-decode-pdf"};
    char path[4096];
    for (size_t i = 0; pages != 0 && i < sizeof needed / sizeof needed[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", program_folder(), needed[i]);
        if (access(path, X_OK) != 0) {
            return say(STATUS_INTERNAL, "%s is not installed; --no-pdf issues without pages", path);
        }
    }
    return STATUS_OK;
}

/* Numbers that nobody signed for can collide with another station's. */
static void warn_of_unsigned_blocks(struct issue_work *work)
{
    struct registry_block block;
    int64_t after = -1;
    while (registry_next_block(work->opened.registry, after, &block) == REGISTRY_OK) {
        after = block.first;
        if (!block.is_signed && !work->opened.station.sample) {
            (void)say(0,
                      "warning: no authority signed for the indices %u to %u; another station may "
                      "use them too",
                      (unsigned)block.first, (unsigned)block.last);
        }
    }
}

/* A page without titles is whole; that it has none is told. */
static void open_trust_list(struct issue_work *work)
{
    const struct station *station = &work->opened.station;
    const char *path = station->trust_list_path;
    if (*path == '\0') {
        return;
    }
    if (trust_list_open(path, station->sample, &work->trust_list) != STATUS_OK) {
        (void)say(0, "warning: pages show codes of units without their titles");
        return;
    }
    enum titles_error error = titles_check(
        work->trust_list, span_of(station->issuer.id.ptr, TRUST_STATE_SIZE), (int64_t)time(NULL));
    if (error != TITLES_OK) {
        (void)say(0, "warning: %s: %s; pages show codes of units without their titles", path,
                  titles_error_text(error));
    }
}

static int find_places(struct issue_work *work)
{
    const char *folder =
        work->options.out != NULL ? work->options.out : work->opened.station.out_path;
    enum file_error error = file_make_folder(folder, 0750);
    if (error == FILE_OK && realpath(folder, work->folder) == NULL) {
        error = FILE_MISSING;
    }
    if (error != FILE_OK) {
        return say(STATUS_CANNOT_CREATE, "%s: %s", folder, file_error_text(error));
    }
    if (work->options.photo != NULL && realpath(work->options.photo, work->photo_path) == NULL) {
        return say(STATUS_IO, "%s: %s", work->options.photo, file_error_text(FILE_MISSING));
    }
    return STATUS_OK;
}

int issue_work_read(struct issue_work *work)
{
    const struct issue_options *o = &work->options;
    int status = opened_station(&work->opened, o->station, !o->check);
    status = status != STATUS_OK ? status : records_open(&work->records, o);
    status = status != STATUS_OK ? status : read_photo(work);
    return status != STATUS_OK
               ? status
               : records_read(&work->records, work->opened.station.issuer.id, o->photo != NULL);
}

int issue_work_prepare(struct issue_work *work)
{
    int status = check_programs(work->options.pages);
    status = status != STATUS_OK ? status : opened_key(&work->opened, work->options.password_file);
    status = status != STATUS_OK ? status : find_places(work);
    if (status == STATUS_OK) {
        warn_of_unsigned_blocks(work);
        open_trust_list(work);
    }
    return status;
}

void issue_work_close(struct issue_work *work)
{
    trust_store_close(work->trust_list);
    records_close(&work->records);
    holder_photo_clear(&work->photo);
    opened_close(&work->opened);
}

struct issue_session issue_work_session(struct issue_work *work)
{
    const struct issue_options *o = &work->options;
    return (struct issue_session){
        .station = &work->opened.station,
        .registry = work->opened.registry,
        .signer = work->opened.signer,
        .libexec_dir = program_folder(),
        .folder = work->folder,
        .pages = o->pages,
        .kind = o->duplicate ? REGISTRY_DUPLICATE
                : o->sibling ? REGISTRY_SIBLING
                             : REGISTRY_ORIGINAL,
        .pass_over_same = o->resume,
        .photo = work->photo.bytes != NULL ? &work->photo : NULL,
        .photo_path = work->photo_path,
        .trust_list = work->trust_list,
        .now_s = (int64_t)time(NULL),
    };
}

void issue_work_print(const struct issue_item *item)
{
    struct span number = credential_text(&item->credential, SAKSI_CLAIM_CERTIFICATE_NUMBER);
    switch (item->outcome) {
    case ISSUE_DELIVERED:
        (void)printf("issued %.*s, index %u\n", (int)number.len, (const char *)number.ptr,
                     (unsigned)item->index);
        break;
    case ISSUE_PASSED_OVER:
        (void)printf("passed over %.*s: issued before\n", (int)number.len,
                     (const char *)number.ptr);
        break;
    case ISSUE_FAILED:
        (void)say(0, "%.*s: %s", (int)number.len, (const char *)number.ptr, item->why);
        break;
    case ISSUE_WAITS:
        (void)say(0, "%.*s: signed, not written out: %s", (int)number.len, (const char *)number.ptr,
                  item->why);
        break;
    case ISSUE_WAITS_CHIP:
        (void)say(0, "%.*s: signed, waits for its card: %s", (int)number.len,
                  (const char *)number.ptr, item->why);
        break;
    case ISSUE_NOT_TRIED:
        break;
    }
}

int issue_work_outcome(const struct issue_work *work, enum issue_error error,
                       enum registry_error registry_error)
{
    switch (error) {
    case ISSUE_OK:
        return STATUS_OK;
    case ISSUE_REFUSED:
        return say(STATUS_DATA, "a record was refused; none of its batch was issued");
    case ISSUE_REGISTRY:
        return say_registry(work->opened.station.registry_path, registry_error,
                            registry_db_error(work->opened.registry));
    case ISSUE_FILE:
    case ISSUE_PHOTO:
        return say(STATUS_IO, "what was signed and not written out waits for \"saksi issue "
                              "--resume\"");
    case ISSUE_PROGRAM:
        return say(STATUS_INTERNAL, "what was signed and not written out waits for \"saksi issue "
                                    "--resume\"");
    case ISSUE_NO_CHIP:
        return say(STATUS_IO, "what waits for its card is finished by presenting that card");
    case ISSUE_UNREAD:
        return say(STATUS_INTERNAL, "a page failed; its certificate is void and must not be used");
    case ISSUE_SYSTEM:
        break;
    }
    return say(STATUS_INTERNAL, "issuing failed: not enough memory, or a fault in the machine");
}

static void tell_waiting(const struct issue_work *work, struct span number, uint32_t index)
{
    (void)say(0,
              "%.*s: waits for its card: present that with \"saksi card personalise --station "
              "%s\", or, if it is lost, void it with \"saksi issue void --station %s --index %u\"",
              (int)number.len, (const char *)number.ptr, work->options.station,
              work->options.station, (unsigned)index);
}

static void tell_resumed(void *ctx, const struct issue_item *item)
{
    const struct issue_work *work = ctx;
    struct span number = credential_text(&item->credential, SAKSI_CLAIM_CERTIFICATE_NUMBER);
    if (item->outcome == ISSUE_DELIVERED && work->cards_come) { /* what is printed is of cards */
        (void)say(0, "finished %.*s, index %u", (int)number.len, (const char *)number.ptr,
                  (unsigned)item->index);
    } else if (item->outcome == ISSUE_DELIVERED) {
        (void)printf("finished %.*s, index %u\n", (int)number.len, (const char *)number.ptr,
                     (unsigned)item->index);
    } else if (item->outcome == ISSUE_WAITS_CHIP) {
        if (!work->cards_come) {
            tell_waiting(work, number, item->index);
        }
    } else {
        (void)say(0, "index %u of an earlier run: %s; %s", (unsigned)item->index, item->why,
                  item->outcome == ISSUE_FAILED ? "it is void" : "it still waits");
    }
}

int issue_work_resume(struct issue_work *work)
{
    enum registry_error registry_error = REGISTRY_OK;
    struct issue_session session = issue_work_session(work);
    enum issue_error error = issue_resume(&session, tell_resumed, work, &registry_error);
    /* An earlier certificate that turned out void, or whose photo or card is away, is told; it does
     * not stop new ones. */
    bool more = work->records.item_count != 0 || work->cards_come;
    bool may_go_on =
        error == ISSUE_UNREAD || (more && (error == ISSUE_PHOTO || error == ISSUE_NO_CHIP));
    return may_go_on ? STATUS_OK : issue_work_outcome(work, error, registry_error);
}
