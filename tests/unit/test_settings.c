/* SPDX-License-Identifier: Apache-2.0
 *
 * Settings: each name with what it takes and what it refuses, and where the user's file is found.
 */
#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/settings.h"

static void every_name_takes_its_values(void **state)
{
    (void)state;
    struct settings s = {.host = ""};
    assert_true(settings_set(&s, "host", "MY"));
    assert_string_equal(s.host, "MY");
    assert_true(settings_set(&s, "db", "x/trust.db"));
    assert_string_equal(s.db, "x/trust.db");
    static const struct {
        const char *value;
        enum saksi_purpose purpose;
    } purposes[] = {{"border", SAKSI_BORDER},
                    {"hiring", SAKSI_HIRING},
                    {"hotel", SAKSI_HOTEL},
                    {"event", SAKSI_EVENT}};
    for (size_t i = 0; i < COUNT_OF(purposes); i++) {
        assert_true(settings_set(&s, "purpose", purposes[i].value));
        assert_int_equal(s.purpose, purposes[i].purpose);
    }
    assert_true(settings_set(&s, "sample", "yes"));
    assert_true(s.sample);
    assert_true(settings_set(&s, "sample", "no"));
    assert_false(s.sample);
    assert_true(settings_set(&s, "lang", "zh-Hant"));
    assert_string_equal(s.lang, "zh-Hant");
    assert_true(settings_set(&s, "plain_days", "7"));
    assert_true(settings_set(&s, "shown_days", "1"));
    assert_true(settings_set(&s, "amber_days", "366"));
    assert_true(settings_set(&s, "tpm", "device:/dev/tpmrm0"));
    assert_string_equal(s.tpm, "device:/dev/tpmrm0");
    assert_int_equal(s.tighten.plain_days, 7);
    assert_int_equal(s.tighten.shown_days, 1);
    assert_int_equal(s.tighten.amber_days, 366);
    assert_true(settings_set(&s, "url", "https://example.org/trust/"));
    assert_string_equal(s.url, "https://example.org/trust/");
    static const char *const proxies[] = {"proxy", "proxy:3128", "http://user:secret@proxy:3128",
                                          "https://proxy", "socks5h://[::1]:1080"};
    for (size_t i = 0; i < COUNT_OF(proxies); i++) {
        assert_true(settings_set(&s, "proxy", proxies[i]));
        assert_string_equal(s.proxy, proxies[i]);
    }
    assert_true(settings_set(&s, "cacert", "ca.pem"));
    assert_string_equal(s.cacert, "ca.pem");
}

static void offsets_are_those_of_the_earth(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        int32_t offset_s;
    } rows[] = {{"+00:00", 0},      {"-00:00", 0},     {"+07:00", 25200}, {"+06:30", 23400},
                {"-03:30", -12600}, {"+14:00", 50400}, {"-14:00", -50400}};
    struct settings s = {.host = ""};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_true(settings_set(&s, "utc_offset", rows[i].value));
        assert_int_equal(s.utc_offset_s, rows[i].offset_s);
    }
    static const char *const refused[] = {"",       "7",      "+7:00",  "07:00",   "+07.00",
                                          "+15:00", "+07:60", "+0700",  "+07:00 ", " +07:0",
                                          "++7:00", "+-7:00", "+07:-1", "+ 7:00",  "=07:00"};
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        if (settings_set(&s, "utc_offset", refused[i])) {
            fail_msg("\"%s\" was taken", refused[i]);
        }
    }
}

static void other_values_are_refused(void **state)
{
    (void)state;
    char long_path[PATH_MAX + 1];
    memset(long_path, 'x', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = '\0';
    const struct {
        const char *name, *value;
    } rows[] = {
        {"host", ""},
        {"host", "my"},
        {"host", "M"},
        {"host", "MYS"},
        {"host", "M1"},
        {"host", " MY"},
        {"db", ""},
        {"db", long_path},
        {"purpose", ""},
        {"purpose", "Hotel"},
        {"purpose", "work"},
        {"sample", "true"},
        {"sample", ""},
        {"lang", ""},
        {"lang", "../x"},
        {"lang", "a b"},
        {"lang", "abcdefghijklm"},
        {"plain_days", "0"},
        {"plain_days", "-1"},
        {"plain_days", "367"},
        {"plain_days", "7d"},
        {"plain_days", ""},
        {"plain_days", "99999999999999999999"},
        {"amber_days", "x"},
        {"tpm", ""},
        {"tpm", "/dev/tpmrm0"},
        {"tpm", "cmd:true"},
        {"tpm", long_path},
        {"url", ""},
        {"url", "ftp://example.org/"},
        {"url", "http://user:secret@example.org/"},
        {"proxy", ""},
        {"proxy", "a b"},
        {"proxy", "file:///x"},
        {"proxy", "://x"},
        {"proxy", "httpx://x"},
        {"proxy", "caf\xc3\xa9"},
        {"cacert", ""},
        {"cacert", long_path},
        {"colour", "red"},
        {"", ""},
        {"HOST", "MY"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct settings s = {.host = "TH"};
        if (settings_set(&s, rows[i].name, rows[i].value)) {
            fail_msg("%s = %.20s was taken", rows[i].name, rows[i].value);
        }
        assert_string_equal(s.host, "TH");
    }
}

/* --- files --- */

static char folder[64];

static int enter(void **state)
{
    char path[128];
    (void)state;
    strcpy(folder, "/tmp/saksi-settings-XXXXXX");
    assert_non_null(mkdtemp(folder));
    static const char *const folders[] = {"xdg", "xdg/saksi", "home", "home/.config",
                                          "home/.config/saksi"};
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, folders[i]);
        assert_int_equal(file_make_folder(path, 0700), FILE_OK);
    }
    return 0;
}

static int leave(void **state)
{
    char command[128];
    (void)state;
    (void)snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static void point(const char *variable, const char *to)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", folder, to);
    assert_int_equal(setenv(variable, path, 1), 0);
}

static void write_settings(const char *where, const char *text)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s/saksi/saksi.conf", folder, where);
    assert_int_equal(file_write_atomic(path, span_str(text), 0600), FILE_OK);
}

/* Without its message. */
static bool load(struct settings *s)
{
    int kept = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY);
    (void)dup2(null, STDERR_FILENO);
    bool loaded = settings_load("verify", s);
    (void)dup2(kept, STDERR_FILENO);
    (void)close(kept);
    (void)close(null);
    return loaded;
}

static void skip_where_settings_are_installed(void)
{
    if (file_exists("/etc/saksi/saksi.conf")) {
        print_message("this machine has settings of its own\n");
        skip();
    }
}

static void without_files_there_are_defaults(void **state)
{
    (void)state;
    struct settings s;
    skip_where_settings_are_installed();
    point("XDG_CONFIG_HOME", "xdg");
    point("HOME", "home");
    assert_true(load(&s));
    assert_string_equal(s.host, "");
    assert_string_equal(s.db, SETTINGS_DEFAULT_DB);
    assert_string_equal(s.lang, "en");
    assert_int_equal(s.purpose, SAKSI_HIRING);
    assert_false(s.sample);
    assert_int_equal(s.tighten.plain_days, 0);
}

static void the_users_file_is_found(void **state)
{
    (void)state;
    struct settings s;
    skip_where_settings_are_installed();
    point("XDG_CONFIG_HOME", "xdg");
    point("HOME", "home");
    write_settings("xdg", "[checkpoint]\nhost = MY\namber_days = 30\n");
    write_settings("home/.config", "[checkpoint]\nhost = TH\n");
    assert_true(load(&s));
    assert_string_equal(s.host, "MY");
    assert_int_equal(s.tighten.amber_days, 30);
    assert_string_equal(s.module, "");
    write_settings("xdg", "[checkpoint]\nhost = MY\n[authority]\nmodule = /usr/lib/a.so\n");
    assert_true(load(&s));
    assert_string_equal(s.module, "/usr/lib/a.so");
    assert_int_equal(unsetenv("XDG_CONFIG_HOME"), 0);
    assert_true(load(&s));
    assert_string_equal(s.host, "TH");
    assert_int_equal(setenv("XDG_CONFIG_HOME", "xdg", 1), 0); /* relative: not a place */
    assert_true(load(&s));
    assert_string_equal(s.host, "TH");
    assert_int_equal(unsetenv("XDG_CONFIG_HOME"), 0);
    assert_int_equal(unsetenv("HOME"), 0);
    assert_true(load(&s));
    assert_string_equal(s.host, "");
}

static void a_faulty_file_changes_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "[checkpoint]\nhost = my\n",
        "[checkpoint]\nhost = MY\nnonsense\n",
        "host = MY\n",
        "[other]\nhost = MY\n",
        "[checkpoint]\ncolour = red\n",
        "[checkpoint]\nmodule = /a.so\n",
        "[authority]\nhost = MY\n",
        "[authority]\nmodule = a.so\n",
    };
    skip_where_settings_are_installed();
    point("XDG_CONFIG_HOME", "xdg");
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct settings s = {.host = "PH"};
        write_settings("xdg", texts[i]);
        assert_false(load(&s));
        assert_string_equal(s.host, "PH");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_takes_its_values),
        cmocka_unit_test(offsets_are_those_of_the_earth),
        cmocka_unit_test(other_values_are_refused),
        cmocka_unit_test_setup_teardown(without_files_there_are_defaults, enter, leave),
        cmocka_unit_test_setup_teardown(the_users_file_is_found, enter, leave),
        cmocka_unit_test_setup_teardown(a_faulty_file_changes_nothing, enter, leave),
    };
    return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
