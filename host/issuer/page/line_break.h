/* SPDX-License-Identifier: Apache-2.0
 *
 * Line breaks for scripts written without spaces that the text engine cannot break by itself:
 * Khmer, Lao, Burmese. The marks are for display only and never enter signed data.
 */
#ifndef PAGE_LINE_BREAK_H
#define PAGE_LINE_BREAK_H

/* A copy (malloc, the caller frees) of UTF-8 text with U+200B at every place where a line may end;
 * an unchanged copy for languages that need none. NULL when out of memory or without break data. */
char *line_break_mark(const char *text, const char *lang);

#endif
