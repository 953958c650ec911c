/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs a fuzz target over files, and over every file of folders, where there is no libFuzzer. Each
 * input lies in a heap block of exactly its size.
 */
#include "fuzz.h"

#include <dirent.h>
#include <sys/stat.h>

#define INPUT_MAX (1 << 20)
#define PATH_SIZE 4096

static unsigned inputs;

static void run_file(const char *path)
{
    static uint8_t room[INPUT_MAX];
    FILE *file = fopen(path, "rb");
    FUZZ_REQUIRE(file != NULL);
    size_t len = fread(room, 1, sizeof room, file);
    FUZZ_REQUIRE(ferror(file) == 0 && len < sizeof room);
    fclose(file);
    uint8_t *exact = malloc(len == 0 ? 1 : len);
    FUZZ_REQUIRE(exact != NULL);
    memcpy(exact, room, len);
    LLVMFuzzerTestOneInput(exact, len);
    free(exact);
    inputs++;
}

static void run_folder(const char *path)
{
    DIR *folder = opendir(path);
    FUZZ_REQUIRE(folder != NULL);
    const struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        char inside[PATH_SIZE];
        int len = snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name);
        FUZZ_REQUIRE(len > 0 && (size_t)len < sizeof inside);
        if (entry->d_name[0] != '.') {
            run_file(inside);
        }
    }
    closedir(folder);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct stat about;
        if (stat(argv[i], &about) == 0 && S_ISDIR(about.st_mode)) {
            run_folder(argv[i]);
        } else {
            run_file(argv[i]);
        }
    }
    printf("%u inputs\n", inputs);
    return inputs == 0 ? EXIT_FAILURE : EXIT_SUCCESS; /* an empty corpus tests nothing */
}
