/* SPDX-License-Identifier: Apache-2.0
 *
 * Names and sentences of what an update can refuse.
 */
#include "verifier/trust_update.h"

static const struct {
    const char *name, *text;
} refusal[] = {
    [TRUST_UPDATE_OK] = {"OK", "Accepted."},
    [TRUST_UPDATE_FORMAT] =
        {"FORMAT", "It is damaged or not a trust document: fetch it again from its source."},
    [TRUST_UPDATE_LIMIT] =
        {"LIMIT", "It is larger than any trust document may be: fetch it again from its source."},
    [TRUST_UPDATE_SIGNATURE] =
        {"SIGNATURE", "A signature is wrong, so the content was altered: fetch it again, and tell "
                      "the authority if it happens twice."},
    [TRUST_UPDATE_THRESHOLD] =
        {"THRESHOLD", "Too few of the required keys have signed it: ask the authority for the "
                      "complete document."},
    [TRUST_UPDATE_ROLE] =
        {"ROLE", "It was signed for another purpose, or a key stands in two roles: tell the "
                 "authority."},
    [TRUST_UPDATE_SCOPE] = {"SCOPE",
                            "A state's list speaks about what is not its own: tell the authority."},
    [TRUST_UPDATE_ROLLBACK] = {"ROLLBACK",
                               "It is older than what is stored: fetch the newest update."},
    [TRUST_UPDATE_EQUIVOCATION] =
        {"EQUIVOCATION", "The stored version has other content under the same number, and both are "
                         "signed: keep both files and report it."},
    [TRUST_UPDATE_ROOT_GAP] =
        {"ROOT_GAP", "A root version between the stored one and this one is missing: fetch a full "
                     "bundle."},
    [TRUST_UPDATE_ROOT_ID] =
        {"ROOT_ID", "It belongs to another root than the one trusted here: check the fingerprint "
                    "with the authority."},
    [TRUST_UPDATE_MIX_MATCH] =
        {"MIX_MATCH", "The list is not the one the header names: fetch header and lists together."},
    [TRUST_UPDATE_BASE_MISMATCH] =
        {"BASE_MISMATCH", "It holds changes to another version than the stored one: fetch a full "
                          "bundle."},
    [TRUST_UPDATE_DIGEST_MISMATCH] =
        {"DIGEST_MISMATCH", "The rows are not the signed ones: fetch it again from its source."},
    [TRUST_UPDATE_EXPIRED] =
        {"EXPIRED", "The root in force has expired: check this device's clock, then fetch a newer "
                    "bundle."},
    [TRUST_UPDATE_TIME_JUMP] =
        {"TIME_JUMP", "It is dated more than 400 days ahead: check this device's clock, then fetch "
                      "it again."},
    [TRUST_UPDATE_SAMPLE] =
        {"SAMPLE", "Sample data and real data do not mix: use --sample with samples only, and a "
                   "store of their own."},
    [TRUST_UPDATE_NO_ROOT] = {"NO_ROOT",
                              "The store trusts no root yet: start with `saksi trust init`."},
    [TRUST_UPDATE_STORE] = {"STORE", "The trust store could not be read or written."},
    [TRUST_UPDATE_SYSTEM] = {"SYSTEM", "Not enough memory, or a fault in this program."},
};

static bool is_known(enum trust_update_error error)
{
    return (size_t)error < sizeof refusal / sizeof refusal[0];
}

const char *trust_update_error_name(enum trust_update_error error)
{
    return is_known(error) ? refusal[error].name : "UNKNOWN";
}

const char *trust_update_error_text(enum trust_update_error error)
{
    return is_known(error) ? refusal[error].text : "An unknown refusal.";
}
