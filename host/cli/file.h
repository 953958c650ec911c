/* SPDX-License-Identifier: Apache-2.0
 *
 * Files are read and written by base/file.h, which the issuing and authority modules share.
 */
#ifndef CLI_FILE_H
#define CLI_FILE_H

#include "base/file.h"

#endif
