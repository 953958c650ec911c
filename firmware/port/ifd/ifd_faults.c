/* SPDX-License-Identifier: Apache-2.0
 *
 * FILE.fault, line by line.
 */
#include "ifd_faults.h"
#include "ifd_flash.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLANK " \t\r\n"

static void take_line(const char *line, struct ifd_faults *faults)
{
    const struct {
        const char *word;
        unsigned *number;
    } words[] = {{"absent", &faults->absent}, {"mute", &faults->mute}, {"token", &faults->token},
                 {"touch", &faults->touch},   {"pull", &faults->pull}, {"slow", &faults->slow_ms},
                 {"wait", &faults->wait}};
    size_t blanks = strspn(line, BLANK);
    size_t len = strcspn(line + blanks, BLANK);
    const char *rest = line + blanks + len;
    char *end = NULL;
    unsigned long number = strtoul(rest, &end, 10);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strlen(words[i].word) == len && memcmp(words[i].word, line + blanks, len) == 0) {
            *words[i].number = end == rest ? 1 : (unsigned)(number < UINT_MAX ? number : UINT_MAX);
        }
    }
}

struct ifd_faults ifd_faults_read(const char *path)
{
    struct ifd_faults faults = {0};
    char name[IFD_FLASH_MAX_PATH + 8];
    char line[32];
    (void)snprintf(name, sizeof name, "%s.fault", path);
    FILE *file = fopen(name, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        take_line(line, &faults);
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return faults;
}
