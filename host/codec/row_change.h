/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows on their way (WIRE.md, "Packed parts"): a row that is new or takes the place of the one with
 * its key, or the key of one that goes. Bytes only; what they are applied to is the verifier's.
 */
#ifndef CODEC_ROW_CHANGE_H
#define CODEC_ROW_CHANGE_H

#include "codec/trust_row.h"

struct row_change {
    bool removes;
    enum row_type type;
    struct span key;   /* of the row that goes; else empty. Points into the input */
    struct span bytes; /* the row as it travels, a key row without its kid; points into the input */
};

/* Takes the next change off the sequence and checks its form; a row is checked whole. At the end
 * both spans are empty. */
enum trust_doc_error row_change_next(struct reader *changes, struct row_change *ret_change);

/* Writes a well-formed row as it travels. */
void row_change_write(struct writer *w, const struct row *row);
void row_change_write_removal(struct writer *w, enum row_type type, struct span key);

/* A part on its way: changes of rows, and for each set the ranks that change sides. Spans point
 * into the part's bytes. */
#define ROW_SETS 3
struct row_packed {
    size_t changes_size; /* bytes of `changes` when decoded */
    struct span changes; /* zlib (RFC 1950) of row changes in order of type and key */
    size_t set_count;
    struct row_packed_set {
        enum row_set set;
        struct span ranks; /* of codec/rank_set.h */
    } set[ROW_SETS];
};
enum trust_doc_error row_packed_decode(struct span bytes, struct row_packed *ret_packed);
void row_packed_encode(const struct row_packed *packed, struct writer *w);

#endif
