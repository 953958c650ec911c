/* SPDX-License-Identifier: Apache-2.0
 *
 * A reader with a native card in it, as a driver that pcscd loads: whatever speaks PC/SC speaks to
 * the card's own code. For tests and tools only; the card keeps no secret.
 *
 * DEVICENAME in reader.conf names the file in which the card's flash is kept (ifd_flash.h), beside
 * which there may be one that says what goes wrong (ifd_faults.h).
 */
#include <PCSC/ifdhandler.h>

#include <pthread.h>
#include <time.h>

#include "card/card.h"
#include "ifd_faults.h"
#include "ifd_flash.h"
#include "link/t1.h"

enum { READERS = 4 };

struct slot {
    DWORD lun;
    struct ifd_flash flash;
    struct card card;
    unsigned pulled;   /* at this command, until the file of faults says something else; or 0 */
    unsigned commands; /* since power came */
    bool open, powered;
};

static struct slot slots[READERS];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* pcscd polls from other threads */

static struct slot *slot_find(DWORD lun)
{
    for (size_t i = 0; i < READERS; i++) {
        if (slots[i].open && slots[i].lun == lun) {
            return &slots[i];
        }
    }
    return NULL;
}

static struct ifd_faults read_faults(const struct slot *slot)
{
    return ifd_faults_read(slot->flash.path);
}

static bool slot_has_card(struct slot *slot, const struct ifd_faults *faults)
{
    if (faults->pull != slot->pulled) {
        slot->pulled = 0;
    }
    return faults->absent == 0 && slot->pulled == 0;
}

static void slot_power(struct slot *slot, bool on)
{
    slot->powered = on;
    slot->commands = 0;
    if (on) {
        native_power_up(&slot->flash.native);
        card_start(&slot->card, &slot->flash.native.port, CARD_CONTACT);
    }
}

static RESPONSECODE open_slot(DWORD lun, const char *name)
{
    for (size_t i = 0; i < READERS; i++) {
        struct slot *slot = &slots[i];
        if (slot->open) {
            continue;
        }
        if (!ifd_flash_open(&slot->flash, name)) {
            return IFD_COMMUNICATION_ERROR;
        }
        native_make_real(&slot->flash.native);
        slot->lun = lun;
        slot->powered = false;
        slot->pulled = 0;
        slot->open = true;
        return IFD_SUCCESS;
    }
    return IFD_NO_SUCH_DEVICE;
}

RESPONSECODE IFDHCreateChannelByName(DWORD Lun, LPSTR DeviceName)
{
    pthread_mutex_lock(&mutex);
    RESPONSECODE code = open_slot(Lun, DeviceName);
    pthread_mutex_unlock(&mutex);
    return code;
}

RESPONSECODE IFDHCreateChannel(DWORD Lun, DWORD Channel)
{
    (void)Lun;
    (void)Channel;
    return IFD_NO_SUCH_DEVICE; /* a card needs its file */
}

RESPONSECODE IFDHCloseChannel(DWORD Lun)
{
    pthread_mutex_lock(&mutex);
    struct slot *slot = slot_find(Lun);
    if (slot != NULL) {
        slot->open = false;
    }
    pthread_mutex_unlock(&mutex);
    return slot == NULL ? IFD_COMMUNICATION_ERROR : IFD_SUCCESS;
}

static RESPONSECODE capability(DWORD tag, PDWORD length, PUCHAR value)
{
    uint8_t number = 1;
    if (tag == TAG_IFD_ATR && *length >= T1_ATR_BYTES) {
        memcpy(value, t1_atr, T1_ATR_BYTES);
        *length = T1_ATR_BYTES;
        return IFD_SUCCESS;
    }
    if (tag == TAG_IFD_SIMULTANEOUS_ACCESS) {
        number = READERS;
    } else if (tag != TAG_IFD_SLOTS_NUMBER && tag != TAG_IFD_THREAD_SAFE &&
               tag != TAG_IFD_SLOT_THREAD_SAFE) {
        return IFD_ERROR_TAG;
    }
    if (*length < 1) {
        return IFD_ERROR_INSUFFICIENT_BUFFER;
    }
    *value = number;
    *length = 1;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHGetCapabilities(DWORD Lun, DWORD Tag, PDWORD Length, PUCHAR Value)
{
    (void)Lun;
    return capability(Tag, Length, Value);
}

RESPONSECODE IFDHSetCapabilities(DWORD Lun, DWORD Tag, DWORD Length, PUCHAR Value)
{
    (void)Lun;
    (void)Tag;
    (void)Length;
    (void)Value;
    return IFD_NOT_SUPPORTED;
}

RESPONSECODE IFDHSetProtocolParameters(DWORD Lun, DWORD Protocol, UCHAR Flags, UCHAR PTS1,
                                       UCHAR PTS2, UCHAR PTS3)
{
    (void)Lun;
    (void)Flags;
    (void)PTS1;
    (void)PTS2;
    (void)PTS3;
    return Protocol == SCARD_PROTOCOL_T1 ? IFD_SUCCESS : IFD_PROTOCOL_NOT_SUPPORTED;
}

RESPONSECODE IFDHPowerICC(DWORD Lun, DWORD Action, PUCHAR Atr, PDWORD AtrLength)
{
    RESPONSECODE code = IFD_ERROR_POWER_ACTION;
    pthread_mutex_lock(&mutex);
    struct slot *slot = slot_find(Lun);
    const struct ifd_faults faults = slot == NULL ? (struct ifd_faults){0} : read_faults(slot);
    bool on = Action == IFD_POWER_UP || Action == IFD_RESET;
    *AtrLength = 0;
    if (slot != NULL && (!on || slot_has_card(slot, &faults))) {
        slot_power(slot, on);
        if (on) {
            memcpy(Atr, t1_atr, T1_ATR_BYTES);
            *AtrLength = T1_ATR_BYTES;
        }
        code = IFD_SUCCESS;
    }
    pthread_mutex_unlock(&mutex);
    return code;
}

static void wait_ms(unsigned ms)
{
    const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    (void)nanosleep(&time, NULL);
}

/* What goes wrong with this command, before the card sees it. */
static RESPONSECODE meet_fault(struct slot *slot, const struct ifd_faults *faults)
{
    if (!slot_has_card(slot, faults)) {
        return IFD_ICC_NOT_PRESENT;
    }
    slot->commands++;
    if (faults->pull != 0 && slot->commands >= faults->pull) {
        slot->pulled = faults->pull;
        slot->powered = false;
        return IFD_COMMUNICATION_ERROR;
    }
    if (faults->slow_ms != 0) {
        wait_ms(faults->slow_ms);
    }
    return faults->mute != 0 || !slot->powered ? IFD_RESPONSE_TIMEOUT : IFD_SUCCESS;
}

/* What a card of another kind says, or 0. */
static uint16_t answer_otherwise(const struct ifd_faults *faults, struct span bytes)
{
    struct apdu command;
    if (!apdu_read(bytes, &command)) {
        return 0;
    }
    if (faults->token != 0 && command.ins == CARD_INS_SELECT &&
        span_equal(command.data, span_of(CARD_APP_AID, CARD_APP_AID_BYTES))) {
        return SW_NOT_FOUND;
    }
    bool signs = command.ins == CARD_INS_GENERAL_AUTHENTICATE && command.p2 == CARD_PIV_KEY_9E;
    return faults->touch != 0 && signs ? SW_SECURITY : 0;
}

static size_t answer_command(struct slot *slot, const struct ifd_faults *faults,
                             struct span command, uint8_t *response)
{
    uint16_t sw = answer_otherwise(faults, command);
    if (sw == 0) {
        return card_transmit(&slot->card, command, response);
    }
    response[0] = (uint8_t)(sw >> 8);
    response[1] = (uint8_t)sw;
    return 2;
}

static RESPONSECODE transmit(struct slot *slot, struct span command, PUCHAR answer, PDWORD len)
{
    static uint8_t response[CARD_MAX_RESPONSE]; /* under the mutex */
    const struct ifd_faults faults = read_faults(slot);
    RESPONSECODE code = meet_fault(slot, &faults);
    if (code != IFD_SUCCESS) {
        return code;
    }
    size_t n = answer_command(slot, &faults, command, response);
    if (!ifd_flash_save(&slot->flash)) {
        return IFD_COMMUNICATION_ERROR;
    }
    if (n > *len) {
        return IFD_ERROR_INSUFFICIENT_BUFFER;
    }
    memcpy(answer, response, n);
    *len = n;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHTransmitToICC(DWORD Lun, SCARD_IO_HEADER SendPci, PUCHAR TxBuffer, DWORD TxLength,
                               PUCHAR RxBuffer, PDWORD RxLength, PSCARD_IO_HEADER RecvPci)
{
    RESPONSECODE code = IFD_ICC_NOT_PRESENT;
    (void)SendPci;
    (void)RecvPci;
    pthread_mutex_lock(&mutex);
    struct slot *slot = slot_find(Lun);
    if (slot != NULL) {
        code = transmit(slot, span_of(TxBuffer, TxLength), RxBuffer, RxLength);
    }
    pthread_mutex_unlock(&mutex);
    if (code != IFD_SUCCESS) {
        *RxLength = 0;
    }
    return code;
}

RESPONSECODE IFDHControl(DWORD Lun, DWORD dwControlCode, PUCHAR TxBuffer, DWORD TxLength,
                         PUCHAR RxBuffer, DWORD RxLength, LPDWORD pdwBytesReturned)
{
    (void)Lun;
    (void)dwControlCode;
    (void)TxBuffer;
    (void)TxLength;
    (void)RxBuffer;
    (void)RxLength;
    if (pdwBytesReturned != NULL) {
        *pdwBytesReturned = 0;
    }
    return IFD_ERROR_NOT_SUPPORTED;
}

RESPONSECODE IFDHICCPresence(DWORD Lun)
{
    RESPONSECODE code = IFD_ICC_NOT_PRESENT;
    pthread_mutex_lock(&mutex);
    struct slot *slot = slot_find(Lun);
    if (slot != NULL) {
        const struct ifd_faults faults = read_faults(slot);
        code = slot_has_card(slot, &faults) ? IFD_ICC_PRESENT : IFD_ICC_NOT_PRESENT;
    }
    pthread_mutex_unlock(&mutex);
    return code;
}
