/* SPDX-License-Identifier: Apache-2.0
 *
 * The names and allowed values of settings, shared by the files and by the options of commands.
 */
#include "cli/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ini.h"
#include "cli/terminal.h"
#include "codec/trust_row.h"

static bool set_text(char *to, size_t size, const char *value)
{
    int len = snprintf(to, size, "%s", value);
    return len > 0 && (size_t)len < size;
}

static bool set_db(struct settings *s, const char *value)
{
    return set_text(s->db, sizeof s->db, value);
}

static bool set_host(struct settings *s, const char *value)
{
    return trust_is_state(span_str(value)) && set_text(s->host, sizeof s->host, value);
}

static bool set_purpose(struct settings *s, const char *value)
{
    int purpose = row_enum_value(ROW_ENUM_PURPOSE, span_str(value));
    s->purpose = (enum saksi_purpose)purpose;
    return purpose != 0;
}

static bool set_sample(struct settings *s, const char *value)
{
    s->sample = strcmp(value, "yes") == 0;
    return s->sample || strcmp(value, "no") == 0;
}

static bool two_digits(const char *text, int *ret_number)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9') {
        return false;
    }
    *ret_number = (text[0] - '0') * 10 + text[1] - '0';
    return true;
}

/* "+07:00", as far as the earth goes. */
static bool set_utc_offset(struct settings *s, const char *value)
{
    int hours = 0, minutes = 0;
    bool shaped = strlen(value) == 6 && (value[0] == '+' || value[0] == '-') && value[3] == ':' &&
                  two_digits(value + 1, &hours) && two_digits(value + 4, &minutes);
    if (!shaped || hours > 14 || minutes > 59) {
        return false;
    }
    s->utc_offset_s = (hours * 3600 + minutes * 60) * (value[0] == '-' ? -1 : 1);
    return true;
}

static bool set_lang(struct settings *s, const char *value)
{
    return strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
               strlen(value) &&
           set_text(s->lang, sizeof s->lang, value);
}

static bool set_days(int *days, const char *value)
{
    char *end = NULL;
    long number = strtol(value, &end, 10);
    *days = (int)number;
    return end != value && *end == '\0' && number >= 1 && number <= 366;
}

static bool set_plain_days(struct settings *s, const char *value)
{
    return set_days(&s->tighten.plain_days, value);
}

static bool set_shown_days(struct settings *s, const char *value)
{
    return set_days(&s->tighten.shown_days, value);
}

static bool set_amber_days(struct settings *s, const char *value)
{
    return set_days(&s->tighten.amber_days, value);
}

static bool set_tpm(struct settings *s, const char *value)
{
    return tpm_mark_is_tcti(value) && set_text(s->tpm, sizeof s->tpm, value);
}

/* Code is loaded from it: never from wherever the program was started. */
static bool set_module(struct settings *s, const char *value)
{
    return value[0] == '/' && set_text(s->module, sizeof s->module, value);
}

static bool set_url(struct settings *s, const char *value)
{
    return url_check(span_str(value)) == URL_OK && set_text(s->url, sizeof s->url, value);
}

/* A host with or without port, or one of the schemes that curl knows. */
static bool set_proxy(struct settings *s, const char *value)
{
    static const char *const scheme[] = {"http", "https", "socks4", "socks4a", "socks5", "socks5h"};
    const char *colon = strstr(value, "://");
    bool known = colon == NULL;
    for (size_t i = 0; i < sizeof scheme / sizeof scheme[0]; i++) {
        known = known || (strlen(scheme[i]) == (size_t)(colon - value) &&
                          strncmp(value, scheme[i], strlen(scheme[i])) == 0);
    }
    for (const char *c = value; *c != '\0'; c++) {
        known = known && *c > 0x20 && *c < 0x7F;
    }
    return known && set_text(s->proxy, sizeof s->proxy, value);
}

static bool set_cacert(struct settings *s, const char *value)
{
    return set_text(s->cacert, sizeof s->cacert, value);
}

static const char CHECKPOINT[] = "checkpoint", TRUST[] = "trust", AUTHORITY[] = "authority";

static const struct setting {
    const char *name;
    bool (*set)(struct settings *s, const char *value);
    const char *section;
} setting[] = {
    {"db", set_db, CHECKPOINT},
    {"host", set_host, CHECKPOINT},
    {"purpose", set_purpose, CHECKPOINT},
    {"sample", set_sample, CHECKPOINT},
    {"utc_offset", set_utc_offset, CHECKPOINT},
    {"lang", set_lang, CHECKPOINT},
    {"plain_days", set_plain_days, CHECKPOINT},
    {"shown_days", set_shown_days, CHECKPOINT},
    {"amber_days", set_amber_days, CHECKPOINT},
    {"tpm", set_tpm, CHECKPOINT},
    {"url", set_url, TRUST},
    {"proxy", set_proxy, TRUST},
    {"cacert", set_cacert, TRUST},
    {"module", set_module, AUTHORITY},
};

static const struct setting *find(const char *name)
{
    for (size_t i = 0; i < sizeof setting / sizeof setting[0]; i++) {
        if (strcmp(setting[i].name, name) == 0) {
            return &setting[i];
        }
    }
    return NULL;
}

bool settings_set(struct settings *settings, const char *name, const char *value)
{
    const struct setting *known = find(name);
    return known != NULL && known->set(settings, value);
}

static bool take(void *ctx, const char *section, const char *name, const char *value)
{
    const struct setting *known = find(name);
    return known != NULL && strcmp(section, known->section) == 0 && known->set(ctx, value);
}

static bool load_file(const char *command, const char *path, struct settings *s)
{
    int line = 0;
    switch (ini_read(path, take, s, &line)) {
    case INI_OK:
    case INI_MISSING:
        return true;
    case INI_SYNTAX:
        terminal_error(
            command, "%s:%d: expected \"name = value\" under [checkpoint], [trust] or [authority]",
            path, line);
        return false;
    case INI_REFUSED:
        terminal_error(command, "%s:%d: unknown setting or value; see saksi.conf in saksi(1)", path,
                       line);
        return false;
    case INI_IO:
        break;
    }
    terminal_error(command, "%s: could not be read; check its owner and mode", path);
    return false;
}

static bool load_user_file(const char *command, struct settings *s)
{
    char path[PATH_MAX];
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    int len = -1;
    if (config != NULL && *config == '/') {
        len = snprintf(path, sizeof path, "%s/saksi/saksi.conf", config);
    } else if (home != NULL && *home == '/') {
        len = snprintf(path, sizeof path, "%s/.config/saksi/saksi.conf", home);
    }
    return len < 0 || (size_t)len >= sizeof path || load_file(command, path, s);
}

bool settings_load(const char *command, struct settings *ret_settings)
{
    struct settings s = {.db = SETTINGS_DEFAULT_DB, .purpose = SAKSI_HIRING, .lang = "en"};
    if (!load_file(command, "/etc/saksi/saksi.conf", &s) || !load_user_file(command, &s)) {
        return false;
    }
    *ret_settings = s;
    return true;
}
