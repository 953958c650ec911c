/* SPDX-License-Identifier: Apache-2.0
 *
 * Run while building: copies saksi.1.in to standard output and puts the table of reasons in its
 * place.
 */
#include <stdio.h>
#include <string.h>

#define PLACE ".\\\" @REASONS@\n"

static void print_reason(int number, const char *name, const char *severity, const char *sentence,
                         const char *step)
{
    printf(".It %d Sy %s Pq %s\n%s\n", number, name, severity, sentence);
    if (*step != '\0') {
        printf("%s\n", step);
    }
}

static void print_reasons(void)
{
    puts(".Bl -tag -width Ds");
#define SAKSI_REASON(number, name, severity, sentence, next_step)                                  \
    print_reason(number, #name, #severity, sentence, next_step);
#include <saksi/verdict.def>
    puts(".El");
}

int main(int argc, char **argv)
{
    FILE *in = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (in == NULL) {
        fputs("usage: manual saksi.1.in\n", stderr);
        return 64;
    }
    char line[1024];
    while (fgets(line, sizeof line, in) != NULL) {
        if (strcmp(line, PLACE) == 0) {
            print_reasons();
        } else {
            fputs(line, stdout);
        }
    }
    fclose(in);
    return 0;
}
