/* SPDX-License-Identifier: Apache-2.0
 *
 * What a failure of the database means to people, and what they can do.
 */
#include "base/db.h"

const char *db_error_text(enum db_error error)
{
    static const char *const text[] = {
        [DB_OK] = "No failure.",
        [DB_DONE] = "No more rows.",
        [DB_MISSING] = "There is no such file: check the path, or make it first.",
        [DB_OTHER_FILE] = "The file belongs to another program or another version: check the path.",
        [DB_BUSY] = "Another program holds the file: wait until it has finished, then try again.",
        [DB_CORRUPT] = "The file is damaged: put back a copy, or make it anew from its source.",
        [DB_FULL] = "The disk is full: free some space, then try again.",
        [DB_READ_ONLY] = "This user may not write the file or its folder: check the permissions.",
        [DB_CONSTRAINT] = "An entry breaks a rule of the file (the same key twice).",
        [DB_IO] = "Reading or writing the disk failed: check the disk and the system's log.",
        [DB_SYSTEM] = "Not enough memory, or a fault in this program.",
    };
    size_t at = (size_t)error;
    return at < sizeof text / sizeof text[0] ? text[at] : "An unknown failure.";
}
