/* SPDX-License-Identifier: Apache-2.0
 *
 * What no virtual reader does, for programs in whose LD_PRELOAD this is, each while the file that a
 * variable names is there:
 *     SAKSI_HIDE_READER   the reader whose name it holds is unplugged: not in the list
 *     SAKSI_MUTE_READER   the card in the reader whose name it holds does not answer to power
 *     SAKSI_DENY          the service lets nobody in, as polkit has it refuse
 *     SAKSI_REFUSING      the card in the reader whose name it holds answers 6985 to every name
 *     SAKSI_OTHER_MAKER   the cards are not ours: the status word it holds answers our name
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <winscard.h>

typedef LONG establish_context(DWORD scope, LPCVOID a, LPCVOID b, LPSCARDCONTEXT context);
typedef LONG list_readers(SCARDCONTEXT context, LPCSTR groups, LPSTR readers, LPDWORD len);

typedef LONG get_status(SCARDCONTEXT context, DWORD timeout, SCARD_READERSTATE *states,
                        DWORD count);

typedef LONG connect_card(SCARDCONTEXT context, LPCSTR reader, DWORD mode, DWORD protocols,
                          LPSCARDHANDLE card, LPDWORD protocol);
typedef LONG transmit(SCARDHANDLE card, const SCARD_IO_REQUEST *out, LPCBYTE command, DWORD len,
                      SCARD_IO_REQUEST *in, LPBYTE response, LPDWORD response_len);

static const char *name_in(const char *variable, char room[128])
{
    const char *path = getenv(variable);
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
    const char *name = name_in("SAKSI_HIDE_READER", room);
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

LONG SCardEstablishContext(DWORD dwScope, LPCVOID pvReserved1, LPCVOID pvReserved2,
                           LPSCARDCONTEXT phContext)
{
    const char *path = getenv("SAKSI_DENY");
    void *found = dlsym(RTLD_NEXT, "SCardEstablishContext");
    establish_context *real;
    memcpy(&real, &found, sizeof real);
    if (path != NULL && access(path, F_OK) == 0) {
        return SCARD_W_SECURITY_VIOLATION;
    }
    return real(dwScope, pvReserved1, pvReserved2, phContext);
}

LONG SCardGetStatusChange(SCARDCONTEXT hContext, DWORD dwTimeout, SCARD_READERSTATE *rgReaderStates,
                          DWORD cReaders)
{
    char room[128];
    void *found = dlsym(RTLD_NEXT, "SCardGetStatusChange");
    get_status *real;
    memcpy(&real, &found, sizeof real);
    LONG code = real(hContext, dwTimeout, rgReaderStates, cReaders);
    const char *name = name_in("SAKSI_MUTE_READER", room);
    for (DWORD i = 0; name != NULL && i < cReaders; i++) {
        if (strcmp(rgReaderStates[i].szReader, name) == 0) {
            rgReaderStates[i].dwEventState |= SCARD_STATE_MUTE;
        }
    }
    return code;
}

static SCARDHANDLE refusing;

LONG SCardConnect(SCARDCONTEXT hContext, LPCSTR szReader, DWORD dwShareMode,
                  DWORD dwPreferredProtocols, LPSCARDHANDLE phCard, LPDWORD pdwActiveProtocol)
{
    char room[128];
    void *found = dlsym(RTLD_NEXT, "SCardConnect");
    connect_card *real;
    memcpy(&real, &found, sizeof real);
    LONG code =
        real(hContext, szReader, dwShareMode, dwPreferredProtocols, phCard, pdwActiveProtocol);
    const char *name = name_in("SAKSI_REFUSING", room);
    if (code == SCARD_S_SUCCESS && name != NULL && strcmp(name, szReader) == 0) {
        refusing = *phCard;
    }
    return code;
}

/* The status word instead of the card's answer to a SELECT by name; 0: none. */
static unsigned long word_for(SCARDHANDLE card, LPCBYTE command, DWORD len)
{
    static const unsigned char ours[] = {0x00, 0xA4, 0x04, 0x00, 0x07, 0xF0, 'S', 'A', 'K'};
    char room[128];
    const char *word = name_in("SAKSI_OTHER_MAKER", room);
    if (len < sizeof ours || memcmp(command, ours, 4) != 0) {
        return 0;
    }
    if (refusing != 0 && card == refusing) {
        return 0x6985;
    }
    return word != NULL && memcmp(command, ours, sizeof ours) == 0 ? strtoul(word, NULL, 16) : 0;
}

LONG SCardTransmit(SCARDHANDLE hCard, const SCARD_IO_REQUEST *pioSendPci, LPCBYTE pbSendBuffer,
                   DWORD cbSendLength, SCARD_IO_REQUEST *pioRecvPci, LPBYTE pbRecvBuffer,
                   LPDWORD pcbRecvLength)
{
    void *found = dlsym(RTLD_NEXT, "SCardTransmit");
    transmit *real;
    memcpy(&real, &found, sizeof real);
    unsigned long sw = word_for(hCard, pbSendBuffer, cbSendLength);
    if (sw == 0 || *pcbRecvLength < 2) {
        return real(hCard, pioSendPci, pbSendBuffer, cbSendLength, pioRecvPci, pbRecvBuffer,
                    pcbRecvLength);
    }
    pbRecvBuffer[0] = (BYTE)(sw >> 8);
    pbRecvBuffer[1] = (BYTE)sw;
    *pcbRecvLength = 2;
    return SCARD_S_SUCCESS;
}
