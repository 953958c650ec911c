/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi card verify: a verdict for each certificate on the card. The card is read and challenged
 * first; a session that breaks off gives no verdict at all.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cli/card/card.h"
#include "cli/command.h"
#include "cli/input.h"
#include "cli/terminal.h"
#include "codec/cose.h"
#include "codec/qr_text.h"

/* The certificate on the paper that lies beside the card. */
struct paper {
    size_t len;   /* 0: none */
    bool several; /* and another one */
    uint8_t document[QR_TEXT_MAX_CREDENTIAL];
};

/* Paper with another certificate beside the first is not compared: which one does it show? */
static void take_bytes(struct paper *paper, struct span bytes)
{
    struct span first = span_of(paper->document, paper->len);
    if (paper->len != 0) {
        paper->several = paper->several || !span_equal(first, bytes);
    } else if (bytes.len <= sizeof paper->document) {
        memcpy(paper->document, bytes.ptr, bytes.len);
        paper->len = bytes.len;
    }
}

static void take_text(struct paper *paper, struct span text)
{
    uint8_t room[QR_TEXT_MAX_CREDENTIAL];
    struct writer w = writer_of(room, sizeof room);
    if (span_starts_with(text, span_str(QR_TEXT_PREFIX)) &&
        qr_text_decode(text, &w) == QR_TEXT_OK && writer_ok(&w)) {
        take_bytes(paper, writer_span(&w));
    }
}

/* The one certificate of a file, as often as it may stand there. */
static void take_input(struct paper *paper, const struct input *input)
{
    struct span text = input->bytes, line;
    if (input->kind == INPUT_CREDENTIAL) {
        take_bytes(paper, text);
    }
    for (size_t i = 0; input->kind == INPUT_CODES && i < input->codes.count; i++) {
        take_text(paper, input->codes.code[i].text);
    }
    while (input->kind == INPUT_TEXTS && input_next_line(&text, &line)) {
        take_text(paper, line);
    }
}

static bool number_of(struct span document, uint8_t room[CERTIFICATE_NUMBER_MAX],
                      struct span *ret_number)
{
    struct cose_sign1 cose;
    struct credential claims;
    if (!credential_open(document, &cose, &claims)) {
        return false;
    }
    *ret_number =
        certificate_number_key(credential_text(&claims, SAKSI_CLAIM_CERTIFICATE_NUMBER), room);
    return ret_number->len != 0; /* one of dashes alone is compared with nothing */
}

/* 0, or an exit status after a message. */
static int read_paper(const char *path, struct paper *paper)
{
    struct input input;
    struct input_problem problem;
    uint8_t room[CERTIFICATE_NUMBER_MAX];
    struct span number;
    if (path == NULL) {
        return 0;
    }
    if (!input_open(path, &input, &problem)) {
        terminal_error("card", "%s: %s", path,
                       problem.file != FILE_OK ? file_error_text(problem.file)
                                               : decoder_error_text(problem.decoder, problem.kind));
        return EXIT_INPUT_OUTPUT;
    }
    take_input(paper, &input);
    input_close(&input);
    if (paper->len == 0 || !number_of(span_of(paper->document, paper->len), room, &number)) {
        terminal_error("card", "%s: holds no certificate; look at it with saksi verify", path);
        return EXIT_DATA;
    }
    if (paper->several) {
        terminal_error("card", "%s: holds several certificates; give the paper of one", path);
        return EXIT_DATA;
    }
    return 0;
}

static bool same_number(struct span one, struct span other)
{
    uint8_t room[2][CERTIFICATE_NUMBER_MAX];
    struct span number[2];
    return number_of(one, room[0], &number[0]) && number_of(other, room[1], &number[1]) &&
           span_equal(number[0], number[1]);
}

static struct span document_of(const struct card_holding *holding)
{
    return span_of(holding->document, holding->len);
}

/* The numbers on the card, one behind the other. */
static void list_numbers(const struct card_holding *holding, size_t count, char *room, size_t size)
{
    size_t len = 0;
    room[0] = '\0';
    for (size_t i = 0; i < count && len < size; i++) {
        struct card_label label;
        card_label_read(document_of(&holding[i]), NULL, &label);
        if (label.number[0] != '\0') {
            len += (size_t)snprintf(room + len, size - len, "%s%s", len == 0 ? "" : ", ",
                                    label.number);
        }
    }
}

/* False, after a message, when the paper is of none of the certificates on the card: two verdicts
 * are wanted then, and one alone would be taken for that of both. */
static bool is_on_card(struct card_options *o, const struct card_holding *holding, size_t count)
{
    char numbers[CARD_APP_CREDENTIALS * (CARD_NUMBER_SIZE + 2)];
    struct card_label paper;
    for (size_t i = 0; i < count; i++) {
        if (same_number(document_of(&holding[i]), o->judge.request.paper)) {
            return true;
        }
    }
    card_label_read(o->judge.request.paper, NULL, &paper);
    list_numbers(holding, count, numbers, sizeof numbers);
    terminal_error("card",
                   "%s: is another certificate (%s) than the card's (%s), so nothing was judged; "
                   "saksi card verify without --paper judges the card, saksi verify %s the paper",
                   o->paper, paper.number, numbers[0] == '\0' ? "unreadable" : numbers, o->paper);
    judge_fail(&o->judge, EXIT_DATA);
    return false;
}

/* The verifier compares paper of the same number, as the last thing that it asks about a card. */
static bool is_same_paper(const struct judge *judge, const struct card_holding *holding)
{
    const struct verdict *v = &judge->verdict;
    return judge->request.paper.len != 0 && v->genuine && v->assurance != SAKSI_ASSURANCE_NONE &&
           !verdict_has(v, SAKSI_CARD_QR_MISMATCH) &&
           same_number(document_of(holding), judge->request.paper);
}

void card_show(struct judge *judge, const char *reader, const struct card_holding *holding,
               size_t count, bool event)
{
    char name[CARD_READER_NAME_SIZE + 32];
    struct show_source source = {.input = reader, .event = event ? reader : NULL, .card = true};
    if (count > 1) {
        snprintf(name, sizeof name, "%s, certificate %u", reader, holding->number);
        source.input = name;
    }
    judge_now(judge);
    judge->request.card = holding->proof;
    enum verify_error error =
        verify_credential(judge->verifier, &judge->request, document_of(holding), &judge->verdict);
    source.same_paper = error == VERIFY_OK && is_same_paper(judge, holding);
    judge_finish(judge, &source, error);
}

enum card_io_error card_take(struct card_guest *guest, struct card_holding *holding,
                             struct card_photo *photo)
{
    enum card_io_error error = CARD_IO_OK;
    photo->read = false;
    for (size_t i = 0; i < guest->visit.certificates && error == CARD_IO_OK; i++) {
        error = card_holding_read(&guest->visit, i, photo, &holding[i]);
    }
    return error;
}

static void show_all(struct card_options *o, const char *reader, const struct card_holding *holding,
                     size_t count)
{
    if (count == 0) { /* nothing judged is not "all VALID" */
        terminal_error("card", "%s: the card holds no certificate", reader);
        judge_fail(&o->judge, EXIT_INPUT_OUTPUT);
        return;
    }
    if (o->paper != NULL && !is_on_card(o, holding, count)) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        card_show(&o->judge, reader, &holding[i], count, false);
    }
}

static void judge_card(struct card_options *o)
{
    static struct card_holding holding[CARD_APP_CREDENTIALS];
    static struct card_guest guest;
    static struct card_photo photo;
    enum card_io_error error = CARD_IO_OK;
    int status = card_guest_open(o, &guest);
    size_t count = status == 0 ? guest.visit.certificates : 0;
    if (status == 0) {
        error = card_take(&guest, holding, &photo);
    }
    card_guest_close(&guest);
    if (status != 0 || error != CARD_IO_OK) {
        judge_fail(&o->judge, status != 0 ? status : card_failed(guest.reader, error));
        return;
    }
    show_all(o, guest.reader, holding, count);
}

const char card_verify_help[] =
    "Usage: saksi card verify [OPTION]...\n"
    "Judge each certificate on a card offline; the card must prove its key.\n"
    "\n" CARD_HELP_READER CARD_HELP_WAIT
    "  --paper FILE    the paper shown with the card, to compare with it\n" CARD_HELP_JUDGE
    "  --json          one JSON object a line\n"
    "  --help\n"
    "\n"
    "Exit status: 0 all VALID, 1 any NOT VALID, 2 otherwise any CHECK BY HAND,\n"
    "3 otherwise any CANNOT VERIFY, 64 usage, 65 the paper is another certificate,\n"
    "70 internal error, 74 the card could not be read.\n"
    "Example: saksi card verify --host MY\n";

int card_verify(struct card_options *o)
{
    static struct paper paper;
    int status = read_paper(o->paper, &paper);
    if (status != 0) {
        return status;
    }
    o->judge.request.paper = span_of(paper.document, paper.len);
    if (judge_open(&o->judge, SAKSI_BUILD_TIME)) {
        judge_tell_language(&o->judge);
        judge_card(o);
    }
    judge_close(&o->judge);
    return judge_summary(&o->judge);
}
