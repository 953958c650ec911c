/* SPDX-License-Identifier: Apache-2.0
 *
 * The contract of the program `saksi-page` (libexec): one JSON object on standard input becomes one
 * PDF on standard output. It lays out and draws; it does not sign, judge or read back, and it does
 * not compare the QR text with the claims it prints: whoever starts it reads the page back.
 *
 * Input: UTF-8, at most PAGE_JSON_MAX bytes. Unknown and duplicate members are refused. "?" marks
 * optional members; (40) is a limit in bytes. There are two kinds of document: certificates, and
 * sheets that carry a code of any text. Neither takes the other's members.
 *
 * A certificate:
 *
 *   layout          "a4" | "card"
 *   sample ?        true prints SAMPLE marks on every side
 *   languages       ["en"] or ["en", TAG]: the second label language, one of
 *                   id ms fil th vi km lo my
 *   qr              "CC1:..." (2900)
 *   created ?       "2025-03-14T08:00:00Z", the PDF's creation date; else SOURCE_DATE_EPOCH,
 *                   else midnight UTC of issue_date
 *   certificate     { ... } as below
 *   authority       PARTY
 *   issuer          PARTY
 *   photo ?         { jpeg_base64, width 1..4096, height 1..4096 }
 *
 * with these members in `certificate`:
 *
 *   certificate_number (40), registration_number ? (40), blank_number ? (24)
 *   scheme_type     qualification | occupation | cluster | unit | job_title | modular
 *   coverage        full | partial
 *   scheme_code (32), scheme_title (96), scheme_title_native ? NATIVE, standard_family (16)
 *   units ?         at most 40 of { code (24), title ? (96), title_native ? NATIVE }
 *   framework ? (16), edition ? 1900..2200, level ? 0..9: all three or none
 *   sector_code ? (8), occupation_code ? (6), job_index ? (8), assessment_centre ? (24)
 *   issue_date      DATE
 *   valid_from ?    DATE
 *   valid_until     DATE, or null for no expiry
 *   holder_name (120), holder_name_native ? NATIVE
 *   birth_date ?    DATE or "YYYY"
 *   nationality ?   two capital letters
 *   restrictions ?  (96)
 *
 *   NATIVE          { lang: BCP 47 tag (12), text (240) }
 *   PARTY           { id (32), names: { en (160), TAG ? (160), ... } }
 *   DATE            "YYYY-MM-DD"
 *
 * A code sheet, one A4 page:
 *
 *   layout          "code"
 *   sample ?        as above
 *   qr              printable ASCII (2900), printed below the code, too; what is not of the QR
 *                   alphanumeric set fills the largest QR code sooner: 2331 bytes
 *   heading (96), text (400): in Latin letters
 *   created ?       as above, else SOURCE_DATE_EPOCH, else the PDF has no date
 *
 * Output: A4 portrait (a second page and more only for many units), or two pages of 85.60 x
 * 53.98 mm for a card, front then back. Same input, same environment and same fonts: same bytes.
 * On failure nothing is written to standard output; standard error gets one sentence that begins
 * with the member at fault and never repeats its value.
 */
#ifndef ISSUER_PAGE_H
#define ISSUER_PAGE_H

#include <stddef.h>

#define PAGE_JSON_MAX    ((size_t)4 * 1024 * 1024)
#define PAGE_QR_TEXT_MAX 2900u
#define PAGE_CARD_VERSION_MAX                                                                      \
    20u /* the largest QR version that keeps 5 dots a module on a card                             \
         */

#define PAGE_EXIT_OK        0
#define PAGE_EXIT_BAD_INPUT 65 /* the input is at fault: the sentence names the member */
#define PAGE_EXIT_INTERNAL  70 /* the machine is at fault: memory, fonts, output */

#endif
