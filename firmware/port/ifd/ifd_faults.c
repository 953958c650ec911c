/* SPDX-License-Identifier: Apache-2.0
 *
 * FILE.fault, line by line.
 */
#include "ifd_faults.h"
#include "ifd_flash.h"

#include <stdio.h>
#include <string.h>

static void take_line(const char *line, struct ifd_faults *faults)
{
    const struct {
        const char *word;
        unsigned *number;
    } words[] = {{"absent", &faults->absent}, {"mute", &faults->mute}, {"token", &faults->token},
                 {"touch", &faults->touch},   {"pull", &faults->pull}, {"slow", &faults->slow_ms},
                 {"wait", &faults->wait}};
    char word[16];
    unsigned number;
    int fields = sscanf(line, "%15s %u", word, &number);
    for (size_t i = 0; i < sizeof words / sizeof words[0] && fields > 0; i++) {
        if (strcmp(word, words[i].word) == 0) {
            *words[i].number = fields == 2 ? number : 1;
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
