/* SPDX-License-Identifier: Apache-2.0
 *
 * A helper's life: read the arguments, map the sealed input, lock itself in, decode, write, leave.
 * It leaves by _exit: nothing registered for exit may run behind the locks.
 */
#include "devices/decode/program.h"
#include "devices/decode/photo.h"
#include "devices/decode/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SEALS = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };

struct job {
    bool photo;
    unsigned max_width, max_height;
    struct span file; /* the mapped input */
};

static bool side_of(const char *text, unsigned *ret_side)
{
    char *end = NULL;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (errno != 0 || *end != '\0' || value == 0 || value > DECODE_PHOTO_SIDE_MAX) {
        return false;
    }
    *ret_side = (unsigned)value;
    return true;
}

static bool read_arguments(const struct program *program, int argc, char **argv, struct job *job)
{
    if (argc == 2 && strcmp(argv[1], "codes") == 0) {
        return true;
    }
    job->photo = true;
    return argc == 4 && strcmp(argv[1], "photo") == 0 && program->photo != NULL &&
           side_of(argv[2], &job->max_width) && side_of(argv[3], &job->max_height);
}

/* Seals are asked for first: without them the file could change, or shrink and fault, under the
 * decoder. */
static bool map_input(struct job *job)
{
    struct stat st;
    int seals = fcntl(DECODE_INPUT_FD, F_GET_SEALS);
    if (seals < 0 || (seals & SEALS) != SEALS || fstat(DECODE_INPUT_FD, &st) != 0 ||
        st.st_size < 1 || st.st_size > DECODE_FILE_MAX) {
        return false;
    }
    size_t len = (size_t)st.st_size;
    void *map = mmap(NULL, len, PROT_READ, MAP_PRIVATE, DECODE_INPUT_FD, 0);
    if (map == MAP_FAILED) {
        return false;
    }
    close(DECODE_INPUT_FD);
    job->file = span_of(map, len);
    return true;
}

static bool write_all(struct span bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(STDOUT_FILENO, bytes.ptr, bytes.len);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return false;
        }
        bytes.ptr += n;
        bytes.len -= (size_t)n;
    }
    return true;
}

static bool send_codes(const struct program *program, const struct job *job)
{
    static struct code_list list;
    static uint8_t buffer[DECODE_CODES_BYTES_MAX];
    struct writer w = writer_of(buffer, sizeof buffer);
    enum decode_status status = program->codes(job->file, &list);
    code_list_write(&list, status, &w);
    return write_all(writer_span(&w));
}

static enum decode_status fitted_photo(const struct program *program, const struct job *job,
                                       struct image *ret_image)
{
    struct image full = {0};
    enum decode_status status = program->photo(job->file, &full);
    if (status == DECODE_OK) {
        status = photo_fit(&full, job->max_width, job->max_height, ret_image);
    }
    image_free(&full);
    return status;
}

static bool send_photo(const struct program *program, const struct job *job)
{
    struct image image = {0};
    enum decode_status status = fitted_photo(program, job, &image);
    uint8_t head[DECODE_PHOTO_HEAD];
    struct writer w = writer_of(head, sizeof head);
    writer_be(&w, DECODE_RESULT_VERSION, 1);
    writer_be(&w, status, 1);
    writer_be(&w, image.width, 4);
    writer_be(&w, image.height, 4);
    bool sent = write_all(writer_span(&w)) &&
                write_all(span_of(image.px, image_stride(&image) * image.height));
    image_free(&image);
    return sent;
}

static int run(const struct program *program, int argc, char **argv)
{
    struct job job = {0};
    if (!read_arguments(program, argc, argv, &job)) {
        return DECODE_EXIT_USAGE;
    }
    if (!map_input(&job)) {
        return DECODE_EXIT_INPUT;
    }
    if (program->prepare != NULL) {
        program->prepare();
    }
    if (!sandbox_enter()) {
        return DECODE_EXIT_SANDBOX;
    }
    bool sent = job.photo ? send_photo(program, &job) : send_codes(program, &job);
    return sent ? DECODE_EXIT_OK : DECODE_EXIT_OUTPUT;
}

int program_main(const struct program *program, int argc, char **argv)
{
    /* Nobody waits for the answer of a helper whose caller is gone. */
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    _exit(run(program, argc, argv));
}
