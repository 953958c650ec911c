/* SPDX-License-Identifier: Apache-2.0
 *
 * A reader that is unplugged, for programs in whose LD_PRELOAD this is: while the file that
 * SAKSI_HIDE_READER names is there, the reader whose name it holds is not in the list.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <winscard.h>

typedef LONG list_readers(SCARDCONTEXT context, LPCSTR groups, LPSTR readers, LPDWORD len);

static const char *hidden(char room[128])
{
    const char *path = getenv("SAKSI_HIDE_READER");
    FILE *file = path == NULL ? NULL : fopen(path, "r");
    if (file == NULL) {
        return NULL;
    }
    char *name = fgets(room, 128, file);
    (void)fclose(file);
    return name;
}

LONG SCardListReaders(SCARDCONTEXT hContext, LPCSTR mszGroups, LPSTR mszReaders,
                      LPDWORD pcchReaders)
{
    char room[128];
    void *found = dlsym(RTLD_NEXT, "SCardListReaders");
    list_readers *real;
    memcpy(&real, &found, sizeof real);
    LONG code = real(hContext, mszGroups, mszReaders, pcchReaders);
    const char *name = hidden(room);
    if (code != SCARD_S_SUCCESS || mszReaders == NULL || name == NULL) {
        return code;
    }
    for (char *at = mszReaders; *at != '\0'; at += strlen(at) + 1) {
        if (strcmp(at, name) == 0) {
            size_t len = strlen(at) + 1;
            size_t behind = *pcchReaders - (size_t)(at - mszReaders) - len;
            memmove(at, at + len, behind);
            *pcchReaders -= (DWORD)len;
            break;
        }
    }
    return code;
}
