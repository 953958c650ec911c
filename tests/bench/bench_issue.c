/* SPDX-License-Identifier: Apache-2.0
 *
 * Certificates a second: signing alone; signing and registering in transactions of 100; and the
 * whole way with .cose and .txt files, each synced to disk and read back. */
#include "issue_scene.h"

#include <time.h>

#define COUNT 3000

struct moment {
    double wall_s, cpu_s;
};

static double seconds(clockid_t clock)
{
    struct timespec t;
    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct moment now(void)
{
    return (struct moment){seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID)};
}

/* On a busy machine the processor's time says more than the clock on the wall. */
static void report(const char *what, int count, struct moment began)
{
    struct moment end = now();
    printf("%-42s %7.0f a second; %6.0f a second of processor time\n", what,
           count / (end.wall_s - began.wall_s), count / (end.cpu_s - began.cpu_s));
}

static void sign_one(const struct scene *scene, struct credential *c, uint32_t index,
                     struct signed_credential *made)
{
    credential_set_text(c, SAKSI_CLAIM_ISS, scene->station.issuer.id);
    credential_set_number(c, SAKSI_CLAIM_IAT, SCENE_NOW_S);
    credential_set_number(c, SAKSI_CLAIM_STATUS_INDEX, index);
    assert_int_equal(signer_sign(scene->signer, c, made, NULL), SIGNER_OK);
}

static void bench_signing(struct scene *scene, struct credential *c)
{
    static struct signed_credential made;
    struct moment began = now();
    for (uint32_t i = 0; i < COUNT; i++) {
        sign_one(scene, c, i, &made);
    }
    report("signed and read back", COUNT, began);
}

/* The steps of issue_batch but the files. */
static void register_batch(struct scene *scene, struct credential *c, int from)
{
    static struct signed_credential made[ISSUE_BATCH_MAX];
    static uint32_t index[ISSUE_BATCH_MAX];
    static struct registry_job job;
    assert_int_equal(registry_begin(scene->registry), REGISTRY_OK);
    for (int i = 0; i < ISSUE_BATCH_MAX; i++) {
        char number[16];
        uint8_t digest[32];
        (void)snprintf(number, sizeof number, "B%d", from + i);
        credential_set_text(c, SAKSI_CLAIM_CERTIFICATE_NUMBER, span_str(number));
        assert_int_equal(signer_claims_digest(c, digest), SIGNER_OK);
        struct registry_request request = {
            REGISTRY_ORIGINAL, span_str(number), span_of(NULL, 0), span_of(NULL, 0), 19997, digest};
        assert_int_equal(registry_reserve(scene->registry, &request, 1, &index[i]), REGISTRY_OK);
    }
    assert_int_equal(registry_commit(scene->registry), REGISTRY_OK);
    for (int i = 0; i < ISSUE_BATCH_MAX; i++) {
        sign_one(scene, c, index[i], &made[i]);
    }
    assert_int_equal(registry_begin(scene->registry), REGISTRY_OK);
    for (int i = 0; i < ISSUE_BATCH_MAX; i++) {
        assert_int_equal(registry_signed(scene->registry, index[i], made[i].credential_digest,
                                         span_of(made[i].document, made[i].document_len), &job, 1),
                         REGISTRY_OK);
    }
    assert_int_equal(registry_commit(scene->registry), REGISTRY_OK);
    assert_int_equal(registry_begin(scene->registry), REGISTRY_OK);
    for (int i = 0; i < ISSUE_BATCH_MAX; i++) {
        assert_int_equal(registry_delivered(scene->registry, index[i], 1), REGISTRY_OK);
    }
    assert_int_equal(registry_commit(scene->registry), REGISTRY_OK);
}

static void bench_whole(struct scene *scene, const struct credential *c)
{
    static struct issue_item items[ISSUE_BATCH_MAX];
    static char numbers[ISSUE_BATCH_MAX][16];
    struct issue_session session = scene_session(scene);
    enum registry_error error = REGISTRY_OK;
    struct moment began = now();
    for (int from = 0; from < 500; from += ISSUE_BATCH_MAX) {
        for (int i = 0; i < ISSUE_BATCH_MAX; i++) {
            (void)snprintf(numbers[i], sizeof numbers[i], "C%d", from + i);
            items[i].credential = *c;
            credential_set_text(&items[i].credential, SAKSI_CLAIM_CERTIFICATE_NUMBER,
                                span_str(numbers[i]));
        }
        assert_int_equal(issue_batch(&session, items, ISSUE_BATCH_MAX, &error), ISSUE_OK);
    }
    report("the whole way, with files", 500, began);
}

int main(void)
{
    static struct scene scene;
    static struct scene_item item;
    scene_open(&scene, 1000000);
    scene_item(&item, "N1", ",\"units\":[\"D1.HRS.CL3.05\",\"D1.HHK.CL3.03\"]");
    struct credential c = item.item.credential;
    bench_signing(&scene, &c);
    struct moment began = now();
    for (int from = 0; from < COUNT; from += ISSUE_BATCH_MAX) {
        register_batch(&scene, &c, from);
    }
    report("signed and registered, 100 a transaction", COUNT, began);
    bench_whole(&scene, &item.item.credential);
    record_file_close(&item.file);
    scene_close(&scene);
    return 0;
}
