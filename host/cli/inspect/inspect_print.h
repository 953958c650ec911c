/* SPDX-License-Identifier: Apache-2.0
 *
 * CBOR as diagnostic notation (RFC 8949 §8): indented, with comments for what has a name. What it
 * prints is safe on a terminal: pure ASCII but for well-formed, visible characters.
 */
#ifndef CLI_INSPECT_PRINT_H
#define CLI_INSPECT_PRINT_H

#include "cli/inspect/inspect_label.h"

/* Prints one item; `place` says what its labels mean. False when `item` is not exactly one item
 * that inspect_cbor.h takes; a beginning may stand in w then. */
bool inspect_print(struct writer *w, struct span item, enum inspect_place place);

/* Text in double quotes; control, bidi and other invisible characters as \u escapes. False and
 * nothing printed when it is not UTF-8. */
bool inspect_print_text(struct writer *w, struct span text);

#endif
