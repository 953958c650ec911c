/* SPDX-License-Identifier: Apache-2.0
 *
 * make-store STORE ROOT ROOT_ID NOW BUNDLE...: fills a store through the installed library. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <saksi/saksi.h>

static size_t read_file(const char *path, unsigned char **ret_bytes)
{
    FILE *file = fopen(path, "rb");
    *ret_bytes = malloc(1 << 20);
    size_t len = file == NULL || *ret_bytes == NULL ? 0 : fread(*ret_bytes, 1, 1 << 20, file);
    if (file != NULL) {
        fclose(file);
    }
    return len;
}

int main(int argc, char **argv)
{
    struct saksi_store *store = NULL;
    unsigned char id[SAKSI_ROOT_ID_SIZE], *bytes = NULL;
    if (argc < 5 || strlen(argv[3]) != 64) {
        return 64;
    }
    for (int i = 0; i < SAKSI_ROOT_ID_SIZE; i++) {
        char two[3] = {argv[3][2 * i], argv[3][2 * i + 1], 0};
        id[i] = (unsigned char)strtoul(two, NULL, 16);
    }
    long long now_s = atoll(argv[4]);
    enum saksi_error error =
        saksi_store_open(argv[1], SAKSI_STORE_CREATE | SAKSI_STORE_SAMPLE, &store);
    if (error == SAKSI_OK) {
        size_t len = read_file(argv[2], &bytes);
        error = saksi_store_init(store, bytes, len, id, now_s, 0);
        free(bytes);
    }
    for (int i = 5; i < argc && error == SAKSI_OK; i++) {
        size_t len = read_file(argv[i], &bytes);
        error = saksi_store_import(store, bytes, len, now_s, 0);
        free(bytes);
    }
    if (error != SAKSI_OK) {
        fprintf(stderr, "make-store: %s %s\n", saksi_error_text(error), saksi_store_refusal(store));
    }
    saksi_store_close(store);
    return error == SAKSI_OK ? 0 : 1;
}
